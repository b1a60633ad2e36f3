using System.CommandLine;
using System.Data.Common;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.Worker.Commands;

/// <summary>Shows what stands in the database, beside a running service or without one.</summary>
static class ListCommands
{
    static readonly Option<bool> Json = new("--json") { Description = "Als JSON, zoals /api/alerts" };
    static readonly Option<int> Limit = new("--limit") { Description = "Hoeveel, de nieuwste eerst", DefaultValueFactory = _ => 50 };

    public static Command CreateAlerts()
    {
        var command = new Command("alerts", "Toon de berichten die binnenkwamen") { Json, Limit };
        command.SetAction((arguments, _) => ListAsync<AlertView>(arguments,
            store => store.Query.NewestAsync(arguments.GetValue(Limit)),
            alert => $"{Local(alert.OpenedAt)}  {Wire.Name(alert.Kind),-18} {Wire.Name(alert.Phase),-9} {alert.Municipality,-6} {alert.Deliveries.Count(d => d.State is DeliveryState.Published)}/{alert.Deliveries.Count} geplaatst  {alert.Source} {alert.SourceId}{(alert.Exercise ? "  (oefening)" : "")}"));
        return command;
    }

    public static Command CreateDeliveries()
    {
        var command = new Command("deliveries", "Toon wat waarheen ging of gaat") { Json, Limit };
        command.SetAction((arguments, _) => ListAsync<DeliveryView>(arguments,
            async store => [.. (await store.Outbox.NewestAsync(arguments.GetValue(Limit))).Select(d => DeliveryView.Of(d, withAlert: true))],
            delivery => $"{delivery.Id,-14} {delivery.Channel,-10} {delivery.Target,-32} {Wire.Name(delivery.Operation),-7} {Wire.Name(delivery.State),-10} {delivery.PostId} {delivery.Error}"));
        return command;
    }

    static async Task<int> ListAsync<T>(ParseResult arguments, Func<Store, Task<IReadOnlyList<T>>> read, Func<T, string> line)
    {
        if (arguments.GetValue(Limit) is < 1 or > 10_000)
        {
            Console.Error.WriteLine("--limit: kies een getal van 1 tot en met 10000");
            return SyndicateCommand.WrongInput;
        }

        var folders = SyndicateCommand.Folders(arguments);
        if (SyndicateCommand.CheckOf(folders).LoadStorage(out var errors) is not { } storage)
            return SyndicateCommand.Refuse(folders, errors);

        IReadOnlyList<T> rows = [];
        using var database = new Database(storage);
        try
        {
            // Before the first start there is nothing, and looking must not make a database.
            if (database.Exists())
            {
                var time = TimeProvider.System;
                var outbox = new Outbox(database, new NoticeBoard(database, time, NullLogger<NoticeBoard>.Instance), time);
                rows = await read(new Store(outbox, new AlertQuery(new AlertLog(database, time), outbox)));
            }
        }
        catch (DbException exception)
        {
            return SyndicateCommand.Fail(SyndicateCommand.DatabaseFailed(exception));
        }

        if (arguments.GetValue(Json))
            Console.WriteLine(JsonSerializer.Serialize(rows, ViewJson.Options));
        else
            foreach (var row in rows)
                Console.WriteLine(line(row));
        return SyndicateCommand.Done;
    }

    static string Local(DateTimeOffset moment) => DutchTime.Of(moment).ToString("dd-MM HH:mm:ss", null);

    sealed record Store(Outbox Outbox, AlertQuery Query);
}
