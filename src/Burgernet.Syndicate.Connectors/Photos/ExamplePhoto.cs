using Burgernet.Syndicate.Channels;
using SkiaSharp;

namespace Burgernet.Syndicate.Connectors.Photos;

/// <summary>Stands for every photo where nothing may leave the program: a grey figure that is nobody.</summary>
public sealed class ExamplePhoto : IPhotoFetcher
{
    static readonly Lazy<byte[]> Picture = new(Draw);

    public Task<FetchedPhoto> FetchAsync(string url, CancellationToken cancellationToken) => Task.FromResult(new FetchedPhoto(Picture.Value));

    static byte[] Draw()
    {
        using var surface = SKSurface.Create(new SKImageInfo(400, 400));
        surface.Canvas.Clear(new SKColor(0xE4, 0xE7, 0xEB));
        using var grey = new SKPaint { Color = new SKColor(0x9A, 0xA5, 0xB1), IsAntialias = true };
        surface.Canvas.DrawCircle(200, 150, 75, grey);
        surface.Canvas.DrawOval(200, 400, 140, 150, grey);
        using var image = surface.Snapshot();
        using var jpeg = image.Encode(SKEncodedImageFormat.Jpeg, 88);
        return jpeg.ToArray();
    }
}
