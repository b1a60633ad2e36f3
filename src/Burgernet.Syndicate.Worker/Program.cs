using Burgernet.Syndicate.Worker.Commands;

var arguments = SyndicateCommand.Create().Parse(args);
var code = await arguments.InvokeAsync();
return arguments.Errors.Count > 0 ? SyndicateCommand.WrongInput : code;
