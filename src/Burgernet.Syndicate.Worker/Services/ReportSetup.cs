using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>Makes what reports need.</summary>
static class ReportSetup
{
    public static ReportQuery QueryOf(SyndicateOptions options, Database database, TimeProvider time) =>
        new(database, ReportFrame.Of(options, ConnectorRegistry.Channels, NetworkTerms.ByType), time);
}
