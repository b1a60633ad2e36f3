namespace Burgernet.Syndicate.Channels;

/// <summary>Fetches the photo of an alert and makes of it what may be published: a new picture that tells nothing but what it shows.</summary>
public interface IPhotoFetcher
{
    /// <summary>Never throws for what the other side does, and takes no longer than ten seconds.</summary>
    Task<FetchedPhoto> FetchAsync(string url, CancellationToken cancellationToken);
}

/// <summary>A photo that may be published, or why there is none.</summary>
/// <param name="Jpeg">The picture; null where there is none.</param>
/// <param name="Fault">Why there is none (Dutch).</param>
public sealed record FetchedPhoto(ReadOnlyMemory<byte>? Jpeg, string? Fault = null);
