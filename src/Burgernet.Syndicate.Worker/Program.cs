using Burgernet.Syndicate.Worker.Commands;

return await SyndicateCommand.Create().Parse(args).InvokeAsync();
