using System.Globalization;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Reports;

/// <summary>
/// An invented year, the size of a real one, and the year before it, so that reports can be looked at and measured before there
/// is anything to report. Every alert says that it is invented. The same year is the same every time.
/// </summary>
public sealed class ExampleYear(Database database, SyndicateOptions options)
{
    /// <summary>The source of every invented alert.</summary>
    public const string Source = "voorbeeld";

    /// <summary>What stands wherever its figures are shown.</summary>
    public const string Label = "Verzonnen gegevens";

    const int Mails = 60;
    const int Exercises = 12;
    const double HardOf100 = 8;

    // The year before: fewer actions, and fewer that helped.
    const double SizeBefore = 0.92;
    const double HardOf100Before = 6.6;

    const string InsertAlert = """
        insert into alert (id, source, source_id, kind, episode, category, phase, exercise, mirror, title, text, municipality, municipalities, latitude, longitude, radius, issued_at, accepted_at, closed_at, not_after, revision, snapshot, note)
        values (@Id, @Source, @SourceId, @Kind, 1, @Category, 'Closed', @Exercise, @No, @Title, @Text, @Municipality, @Municipality, @Latitude, @Longitude, @Radius, @IssuedAt, @AcceptedAt, @ClosedAt, @NotAfter, 2, '', @Note)
        """;

    const string InsertMessage = "insert into alert_message (alert_id, key, content_hash, phase, sent_at, received_at, text) values (@AlertId, @Phase, @AlertId, @Phase, @At, @At, @Text)";
    const string InsertReference = "insert into reference (code, alert_id, revision, operation) values (@Code, @AlertId, @Revision, @Operation)";
    const string InsertPost = "insert into post (reference, channel, text, created_at, has_link) values (@Reference, @Channel, @Text, @At, @HasLink)";

    const string InsertDelivery = """
        insert into delivery (id, alert_id, reference, channel, target, address, operation, revision, state, priority, position, standalone, attempts, created_at, due_at, not_after, intent_at, published_at, verified_at, post_id, error)
        values (@Id, @AlertId, @Reference, @Channel, @Target, @Address, @Operation, @Revision, @State, 1, @Position, @No, 1, @At, @At, @NotAfter, @At, @PublishedAt, @PublishedAt, @PostId, @Error)
        """;

    const string InsertSample = "insert into reach_sample (delivery_id, asked_at, after_seconds, answer, metrics) values (@DeliveryId, @AskedAt, @AfterSeconds, 'Given', @Metrics)";
    const string InsertReach = "insert into reach (delivery_id, step, measured_at, impressions, reach, engagements) values (@DeliveryId, @Step, @MeasuredAt, @Impressions, @Reach, @Engagements)";
    const string InsertOutcome = "insert into outcome (alert_id, outcome, by_whom, at) values (@AlertId, @Outcome, @Source, @At)";
    const string InsertContext = "insert into context_figure (municipality, period, participants, downloads, inhabitants, imported_at) values (@Municipality, @Period, @Participants, @Downloads, @Inhabitants, @At)";

    // Roughly, in thousands; the others have fewer.
    static readonly Dictionary<string, int> Large = new()
    {
        ["GM0344"] = 360, ["GM0034"] = 215, ["GM0307"] = 157, ["GM0402"] = 90, ["GM0995"] = 80, ["GM0345"] = 66, ["GM0355"] = 64, ["GM0356"] = 63, ["GM1904"] = 64,
        ["GM1942"] = 57, ["GM0632"] = 52, ["GM0321"] = 50, ["GM1581"] = 49, ["GM0171"] = 46, ["GM0342"] = 46, ["GM0310"] = 43, ["GM0736"] = 44, ["GM0303"] = 41, ["GM0406"] = 41, ["GM0353"] = 34,
    };

    const int Small = 22;

    static readonly (AlertCategory Category, double Weight, string[] Words)[] Sorts =
    [
        (AlertCategory.MissingPerson, 38, ["Vermist: jongen van {0} jaar, blauwe jas, zwarte fiets.", "Vermist: vrouw van 7{0} jaar, grijze jas, loopt moeilijk.", "Vermist: meisje van {0} jaar, rode trui, wit rugzakje."]),
        (AlertCategory.Burglary, 20, ["Gezocht na een inbraak: twee mannen met donkere jassen, een draagt een rugtas.", "Gezocht na een inbraak: man van ongeveer 3{0} jaar op een grijze scooter."]),
        (AlertCategory.StreetRobbery, 8, ["Gezocht na een straatroof: jongen van 1{0} jaar, zwarte pet, witte schoenen."]),
        (AlertCategory.Robbery, 5, ["Gezocht na een overval op een winkel: man met groene jas, ging er te voet vandoor."]),
        (AlertCategory.Violence, 6, ["Gezocht na een mishandeling: man van ongeveer 2{0} jaar, kaal, spijkerjas."]),
        (AlertCategory.HitAndRun, 8, ["Gezocht na een aanrijding: zilveren bestelauto met schade rechtsvoor."]),
        (AlertCategory.Fraud, 5, ["Let op: man die zegt van de bank te zijn, blauw pak, leren tas."]),
        (AlertCategory.RamRaid, 1, ["Gezocht na een ramkraak: donkere stationwagen zonder kentekenplaten."]),
        (AlertCategory.Other, 9, ["Gezocht: getuigen die een witte bus zagen rijden."]),
    ];

    // Of each moment after posting: how much of all views have come by then.
    static readonly (TimeSpan After, double Come)[] Curve =
    [
        (TimeSpan.FromMinutes(15), 0.17), (TimeSpan.FromHours(1), 0.41), (TimeSpan.FromHours(6), 0.72), (TimeSpan.FromHours(24), 0.89),
        (TimeSpan.FromDays(3), 0.955), (TimeSpan.FromDays(7), 0.985), (TimeSpan.FromDays(28), 1),
    ];

    readonly Random _random = new(20170101);
    readonly List<object> _alerts = [], _messages = [], _references = [], _posts = [], _deliveries = [], _samples = [], _reach = [], _outcomes = [], _context = [];
    readonly List<(string Id, DateTimeOffset IssuedAt)> _invented = [];

    // The year belongs beside nothing real, and nothing real beside it.
    const string Held = """
        select case when exists (select 1 from alert) then 'berichten' when exists (select 1 from context_figure) then 'cijfers over gemeenten'
            when exists (select 1 from outcome) then 'aflopen' when exists (select 1 from submission) then 'inzendingen' end
        """;

    /// <summary>Fills an empty database, all of it or nothing. Null: done.</summary>
    /// <param name="year">The calendar year; the year before it is filled too.</param>
    /// <param name="actions">How many actions it has.</param>
    public async Task<Refusal?> FillAsync(int year, int actions = 1100)
    {
        InventYear(year, actions, HardOf100);
        InventYear(year - 1, (int)(actions * SizeBefore), HardOf100Before);
        (string Sql, List<object> Rows)[] inserts =
        [
            (InsertAlert, _alerts), (InsertMessage, _messages), (InsertReference, _references), (InsertPost, _posts), (InsertDelivery, _deliveries),
            (InsertSample, _samples), (InsertReach, _reach), (InsertOutcome, _outcomes), (InsertContext, _context),
        ];
        return await database.WriteAsync<Refusal?>(async session =>
        {
            if (await session.FirstOrDefaultAsync<string>(Held).ConfigureAwait(false) is { } held)
                return new Refusal($"deze database bevat al {held}; kies een lege map met --data");
            foreach (var (sql, rows) in inserts)
                await session.ExecuteAsync(sql, rows).ConfigureAwait(false);
            return null;
        }).ConfigureAwait(false);
    }

    void InventYear(int year, int actions, double hardOf100)
    {
        var middle = DutchHours.Moment(new DateOnly(year, 7, 1), TimeOnly.MinValue);
        var municipalities = options.Areas.Existing(middle).OrderBy(m => m.Code, StringComparer.Ordinal).ToList();
        _invented.Clear();
        for (var number = 0; number < actions + Mails + Exercises; number++)
            Invent(number, year, municipalities, number < actions ? number % 400 == 399 ? AlertKind.VermistKindAlert : AlertKind.Actie : number < actions + Mails ? AlertKind.Burgernetmail : AlertKind.Actie, number >= actions + Mails);
        InventOutcomes(actions, hardOf100);
        _context.AddRange(municipalities.Select(m => new
        {
            Municipality = m.Code, Period = year.ToString(CultureInfo.InvariantCulture), Inhabitants = (long)InhabitantsOf(m), Participants = (long)(InhabitantsOf(m) * (0.1 + 0.07 * _random.NextDouble())),
            Downloads = (long)(InhabitantsOf(m) * (0.05 + 0.05 * _random.NextDouble())), At = middle,
        }));
    }

    void Invent(int number, int year, List<Municipality> municipalities, AlertKind kind, bool exercise)
    {
        var municipality = Pick(municipalities, m => InhabitantsOf(m));
        var (category, _, words) = kind is AlertKind.VermistKindAlert ? Sorts[0] : kind is AlertKind.Burgernetmail ? Sorts[^1] : Pick(Sorts, s => s.Weight);
        var text = $"{(exercise ? "OEFENING. " : "")}{string.Format(CultureInfo.InvariantCulture, words[_random.Next(words.Length)], _random.Next(2, 10))} Gezien in {municipality.Name}? Bel direct 112. ({Label})";
        // People do things in daylight and in the evening.
        var issuedAt = DutchHours.Moment(new DateOnly(year, 1, 1).AddDays(_random.Next(DateTime.IsLeapYear(year) ? 366 : 365)), new TimeOnly(Pick(Enumerable.Range(0, 24).ToList(), Busy), _random.Next(60), _random.Next(60)));
        var closedAt = issuedAt.AddMinutes(_random.Next(18, 75));
        var id = string.Create(CultureInfo.InvariantCulture, $"vb{year}{number:0000}");
        _invented.Add((id, issuedAt));
        _alerts.Add(new
        {
            Id = id, Source, SourceId = string.Create(CultureInfo.InvariantCulture, $"{year}{number:0000}"), Kind = kind.ToString(), Category = category.ToString(), Exercise = exercise, No = false, Title = (string?)null, Text = text,
            Municipality = municipality.Code, municipality.Extent.Latitude, municipality.Extent.Longitude, Radius = 1500.0, IssuedAt = issuedAt, AcceptedAt = issuedAt.AddSeconds(2),
            ClosedAt = (DateTimeOffset?)closedAt, NotAfter = issuedAt.AddHours(2), Note = Label,
        });
        _messages.Add(new { AlertId = id, Phase = "Opened", At = issuedAt, Text = text });
        _messages.Add(new { AlertId = id, Phase = "Closed", At = closedAt, Text = "De actie is afgesloten." });
        if (exercise)
            return;

        var opening = Refer(id, 1, "Create");
        var closing = kind is AlertKind.Burgernetmail ? null : Refer(id, 2, "Close");
        foreach (var channel in options.Channels.Where(c => !c.Test))
        {
            // One channel in a hundred was not told.
            if (_random.Next(100) == 0)
                continue;
            var linked = category is AlertCategory.MissingPerson && _random.Next(4) == 0;
            _posts.Add(new { Reference = opening, Channel = channel.Name, Text = $"Burgernet {municipality.Name}. {text} {opening}", At = issuedAt, HasLink = linked });
            if (closing is not null)
                _posts.Add(new { Reference = closing, Channel = channel.Name, Text = $"Burgernet {municipality.Name}: de actie is afgesloten. {closing}", At = closedAt, HasLink = false });
            var (first, pause) = channel.Type == "whatsapp" ? (_random.Next(6, 30), _random.Next(4, 14)) : (_random.Next(4, 35), 0);
            foreach (var (target, position) in TargetsOf(channel, municipality).Select((t, i) => (t, i)))
            {
                var postedAt = issuedAt.AddSeconds(first + position * pause + _random.Next(3));
                var fate = _random.Next(1000);
                var taken = category is AlertCategory.MissingPerson && channel.Type != "whatsapp";
                var state = fate < 8 ? DeliveryState.Failed : fate < 14 ? DeliveryState.Expired : fate < 16 ? DeliveryState.Held : taken ? DeliveryState.Gone : DeliveryState.Published;
                var delivery = Deliver(id, opening, channel, target, position, "Create", 1, state, issuedAt, postedAt);
                if (state is not (DeliveryState.Published or DeliveryState.Gone))
                    continue;
                InventReach(delivery, channel, municipality, postedAt, taken ? closedAt : null, share: 1);
                if (closing is not null)
                    InventReach(Deliver(id, closing, channel, target, position, "Close", 2, DeliveryState.Published, closedAt, closedAt.AddSeconds(first + position * pause)), channel, municipality, closedAt.AddSeconds(first + position * pause), null, share: 0.3);
            }
        }
    }

    string Deliver(string alertId, string reference, ChannelOptions channel, string target, int position, string operation, int revision, DeliveryState state, DateTimeOffset at, DateTimeOffset postedAt)
    {
        var id = $"{alertId}-{channel.Name}-{revision}-{position}";
        var posted = state is DeliveryState.Published or DeliveryState.Gone;
        _deliveries.Add(new
        {
            Id = id, AlertId = alertId, Reference = reference, Channel = channel.Name, Target = target, Address = target == channel.Name ? "" : $"voorbeeld-{position}@g.us", Operation = operation, Revision = revision, State = state.ToString(),
            Position = position, No = false, At = at, NotAfter = (DateTimeOffset?)at.AddHours(2), PublishedAt = posted ? postedAt : (DateTimeOffset?)null, PostId = posted ? id : null, Error = posted ? null : Label,
        });
        return id;
    }

    void InventReach(string delivery, ChannelOptions channel, Municipality municipality, DateTimeOffset postedAt, DateTimeOffset? goneAt, double share)
    {
        // A few posts are seen very much more often than the rest.
        var luck = Math.Exp(0.7 * Normal()) * share;
        var people = InhabitantsOf(municipality) / 1000.0;
        var final = channel.Type switch { "x" => 700 + 9 * people * luck, "facebook" => 1500 + 45 * people * luck, _ => _random.Next(25, 180) };
        // What stands in a group is read sooner than what stands on a page.
        var hurry = channel.Type switch { "x" => 0.7, "facebook" => 1, _ => 0.45 };
        var moments = Curve.Where(c => goneAt is null || postedAt + c.After < goneAt).Select(c => (After: (int?)c.After.TotalSeconds, Come: Math.Pow(c.Come, hurry), At: postedAt + c.After)).ToList();
        if (goneAt is { } gone)
            moments.Add((null, Math.Pow(Math.Min(0.45, 0.17 + (gone - postedAt).TotalHours * 0.24), hurry), gone));
        var (impressions, reach, engagements) = (0L, (long?)null, (long?)null);
        foreach (var (after, come, at) in moments)
        {
            impressions = (long)(final * come);
            Dictionary<string, long> metrics;
            switch (channel.Type)
            {
                case "x":
                    (long likes, long retweets) = (impressions / 120, impressions / 90);
                    engagements = likes + retweets;
                    metrics = new() { ["impression_count"] = impressions, ["like_count"] = likes, ["retweet_count"] = retweets };
                    break;
                case "facebook":
                    (reach, long shares, long reactions) = (impressions * 8 / 10, impressions / 70, impressions / 60);
                    engagements = shares + reactions;
                    metrics = new() { ["post_media_view"] = impressions, ["post_total_media_view_unique"] = reach.Value, ["shares"] = shares, ["reactions"] = reactions };
                    break;
                default:
                    reach = impressions * 7 / 10;
                    metrics = new() { ["delivered"] = impressions, ["read"] = reach.Value };
                    break;
            }

            _samples.Add(new { DeliveryId = delivery, AskedAt = at, AfterSeconds = after, Metrics = JsonSerializer.Serialize(metrics) });
        }

        _reach.Add(new { DeliveryId = delivery, Step = Curve.Length, MeasuredAt = (DateTimeOffset?)moments[^1].At, Impressions = impressions, Reach = reach, Engagements = engagements });
    }

    void InventOutcomes(int actions, double hardOf100)
    {
        var numbers = Enumerable.Range(0, actions).ToArray();
        _random.Shuffle(numbers);
        var (hard, soft, none) = ((int)Math.Round(actions * hardOf100 / 100), actions * 6 / 100, actions * 70 / 100);
        foreach (var (number, place) in numbers.Select((n, i) => (n, i)).Take(hard + soft + none))
        {
            var (id, at) = _invented[number];
            _outcomes.Add(new { AlertId = id, Outcome = place < hard ? Outcome.Hard : place < hard + soft ? Outcome.Soft : Outcome.None, Source, At = at.AddHours(3) });
        }
    }

    string Refer(string alertId, int revision, string operation)
    {
        const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        var number = _references.Count;
        var code = "BN-" + string.Concat(Enumerable.Range(0, 5).Select(place => Letters[number >> (5 * place) & 31]));
        _references.Add(new { Code = code, AlertId = alertId, Revision = revision, Operation = operation });
        return code;
    }

    static IEnumerable<string> TargetsOf(ChannelOptions channel, Municipality municipality) => channel.Type == "whatsapp"
        ? Enumerable.Range(1, Math.Clamp(InhabitantsOf(municipality) / 40_000 + 1, 1, 6)).Select(n => string.Create(CultureInfo.InvariantCulture, $"{municipality.Name} {n}"))
        : [channel.Name];

    static int InhabitantsOf(Municipality municipality) => 1000 * Large.GetValueOrDefault(municipality.Code, Small);

    static double Busy(int hour) => hour switch { < 7 => 1, < 12 => 4, < 17 => 7, < 22 => 9, _ => 4 };

    T Pick<T>(IReadOnlyList<T> choices, Func<T, double> weight)
    {
        var at = _random.NextDouble() * choices.Sum(weight);
        return choices.First(c => (at -= weight(c)) < 0);
    }

    // Box and Muller.
    double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
