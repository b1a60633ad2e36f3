using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Tests.Support;

namespace Burgernet.Syndicate.FaultRig;

/// <summary>What was asked on the command line.</summary>
sealed record RigOptions(bool Postgres, int Replicas, int Trials, int Deliveries, int Parallel, int Kills, int Seed, int MaxInFlight);

/// <summary>Where each trial gets its database: a file of its own, or one on a server that the rig starts.</summary>
sealed class RigStorage(RigOptions options) : IDisposable
{
    readonly PostgresServer? _server = options.Postgres ? new PostgresServer() : null;

    /// <summary>Null: a file in the trial's own folder.</summary>
    public StorageOptions? Make() => _server?.CreateEmpty($"trial_{Guid.NewGuid():N}");

    public void Dispose() => _server?.Dispose();
}
