using System.Diagnostics;
using SkiaSharp;

namespace Burgernet.Syndicate.Connectors.Photos;

/// <summary>Makes a new picture of one that came from outside.</summary>
public interface IPhotoEncoder
{
    /// <summary>A JPEG of at most 2048 pixels wide and high, the right way up, without anything but the picture.</summary>
    /// <exception cref="PhotoException">It is not a picture, or one that is too big.</exception>
    Task<byte[]> EncodeAsync(byte[] original, CancellationToken cancellationToken);
}

/// <summary>
/// Decodes and encodes: what is not the picture (where it was taken and with what, an earlier version in its thumbnail, a
/// hidden file behind it) does not survive that.
/// </summary>
public static class PhotoEncoder
{
    const int LongestSide = 10_000;
    const int MostPixels = 40_000_000;
    const int PublishedSide = 2048;
    const int Quality = 88;

    /// <inheritdoc cref="IPhotoEncoder.EncodeAsync"/>
    public static byte[] Encode(byte[] original)
    {
        using var data = SKData.CreateCopy(original);
        using var codec = SKCodec.Create(data);
        if (codec?.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp))
            throw new PhotoException("het bestand is geen JPEG, PNG of WebP");
        // From the header alone: a small file may claim to be a picture that fills the memory.
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width > LongestSide || height > LongestSide || (long)width * height > MostPixels)
            throw new PhotoException($"de foto is te groot: {width} bij {height} beeldpunten");
        if (codec.FrameCount > 1)
            throw new PhotoException("het bestand is een bewegend beeld");

        using var decoded = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()));
        if (codec.GetPixels(decoded.Info, decoded.GetPixels()) is not SKCodecResult.Success)
            throw new PhotoException("de foto is beschadigd");

        var matrix = Upright(codec.EncodedOrigin, width, height);
        var (uprightWidth, uprightHeight) = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop ? (height, width) : (width, height);
        var scale = Math.Min(1f, PublishedSide / (float)Math.Max(uprightWidth, uprightHeight));
        // Without a colour space, so that none is written; the pixels are sRGB, which is what readers take them for.
        var size = new SKImageInfo(Math.Max(1, (int)MathF.Round(uprightWidth * scale)), Math.Max(1, (int)MathF.Round(uprightHeight * scale)), SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var surface = SKSurface.Create(size) ?? throw new PhotoException("er is geen plaats voor de foto in het geheugen");
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        surface.Canvas.Concat(matrix);
        using var image = SKImage.FromBitmap(decoded);
        surface.Canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var upright = surface.Snapshot();
        using var jpeg = upright.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg.ToArray();
    }

    /// <summary>What turns a picture as it is stored into one as it is meant (EXIF 2.3, tag 0x0112).</summary>
    static SKMatrix Upright(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}

/// <summary>
/// Runs <see cref="PhotoEncoder"/> in a process of its own that ends with the photo: a picture made to crash a decoder, or
/// to fill the memory, must not take the alerts with it.
/// </summary>
/// <param name="command">Reads a photo from its input and writes the new one to its output; the first is the program.</param>
public sealed class PhotoEncoderProcess(IReadOnlyList<string> command) : IPhotoEncoder, IDisposable
{
    // One at a time: each may need a hundred megabytes.
    readonly SemaphoreSlim _one = new(1);

    public async Task<byte[]> EncodeAsync(byte[] original, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start) ?? throw new PhotoException("de foto kon niet worden bewerkt");
            try
            {
                using var encoded = new MemoryStream();
                var (output, error) = (process.StandardOutput.BaseStream.CopyToAsync(encoded, cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
                try
                {
                    await process.StandardInput.BaseStream.WriteAsync(original, cancellationToken).ConfigureAwait(false);
                    process.StandardInput.Close();
                }
                catch (IOException)
                {
                    // It ended before it had read all; what it left behind says why.
                }

                await output.ConfigureAwait(false);
                var said = await error.ConfigureAwait(false);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                return process.ExitCode switch
                {
                    0 when encoded.Length > 0 => encoded.ToArray(),
                    1 => throw new PhotoException(said.Trim()),
                    var code => throw new PhotoException($"de foto kon niet worden bewerkt (code {code})"),
                };
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill();
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>The other side of it.</summary>
    /// <returns>0 done, 1 this cannot be published.</returns>
    public static async Task<int> RunAsync(Stream input, Stream output, TextWriter error)
    {
        using var original = new MemoryStream();
        await input.CopyToAsync(original).ConfigureAwait(false);
        try
        {
            await output.WriteAsync(PhotoEncoder.Encode(original.ToArray())).ConfigureAwait(false);
            return 0;
        }
        catch (PhotoException exception)
        {
            await error.WriteAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }
    }
}
