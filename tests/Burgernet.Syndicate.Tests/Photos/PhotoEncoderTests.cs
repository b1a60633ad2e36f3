using System.Buffers.Binary;
using System.Text;
using Burgernet.Syndicate.Connectors.Photos;
using SkiaSharp;
using Xunit;

namespace Burgernet.Syndicate.Tests.Photos;

public sealed class PhotoEncoderTests
{
    const int Width = 60;
    const int Height = 40;

    // The four corners of the picture as it is meant: red, green, blue, white.
    static readonly SKColor[] Corners = [SKColors.Red, SKColors.Lime, SKColors.Blue, SKColors.White];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_picture_comes_out_the_right_way_up(int orientation)
    {
        using var encoded = SKBitmap.Decode(PhotoEncoder.Encode(WithExif(Stored(orientation), orientation)));

        Assert.Equal((Width, Height), (encoded.Width, encoded.Height));
        SKColor[] seen = [encoded.GetPixel(5, 5), encoded.GetPixel(Width - 6, 5), encoded.GetPixel(5, Height - 6), encoded.GetPixel(Width - 6, Height - 6)];
        Assert.All(Corners.Zip(seen), pair => Assert.True(IsLike(pair.First, pair.Second), $"expected {pair.First}, saw {pair.Second}"));
    }

    [Fact]
    public void Nothing_but_the_picture_survives()
    {
        var original = WithExif(Stored(1), 1, "Schothorst 52.1796N 5.3861E");
        byte[] whole = [.. original[..2], .. Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>thuisadres</x:xmpmeta>"), .. Segment(0xE2, "ICC_PROFILE\0profiel"),
            .. Segment(0xED, "Photoshop 3.0\0iptc"), .. Segment(0xFE, "gemaakt door de buurman"), .. original[2..], .. "PK verborgen bestand"u8];
        Assert.Contains(0xE1, Markers(whole));

        var encoded = PhotoEncoder.Encode(whole);
        // JFIF, tables, frame, scan; no other application data, no comment, nothing after the end (ITU-T T.81, B.1.1.3).
        Assert.All(Markers(encoded), marker => Assert.Contains(marker, new[] { 0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9, 0xDD }));
        Assert.Equal([0xFF, 0xD9], encoded[^2..]);
        foreach (var secret in (string[])["52.1796", "thuisadres", "profiel", "iptc", "buurman", "verborgen"])
            Assert.Equal(-1, encoded.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void What_is_no_jpeg_becomes_one(SKEncodedImageFormat format)
    {
        using var bitmap = Draw();
        using var data = bitmap.Encode(format, 90);
        var encoded = PhotoEncoder.Encode(data.ToArray());

        Assert.Equal([0xFF, 0xD8], encoded[..2]);
        using var decoded = SKBitmap.Decode(encoded);
        Assert.Equal((Width, Height), (decoded.Width, decoded.Height));
    }

    [Fact]
    public void What_is_transparent_becomes_white()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(20, 20, SKColorType.Rgba8888, SKAlphaType.Premul));
        bitmap.Erase(SKColors.Transparent);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        using var decoded = SKBitmap.Decode(PhotoEncoder.Encode(data.ToArray()));
        Assert.True(IsLike(SKColors.White, decoded.GetPixel(10, 10)));
    }

    [Fact]
    public void A_big_picture_becomes_one_of_2048_pixels()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(4000, 3000, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(SKColors.Green);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        using var decoded = SKBitmap.Decode(PhotoEncoder.Encode(data.ToArray()));
        Assert.Equal((2048, 1536), (decoded.Width, decoded.Height));
    }

    [Theory]
    [InlineData(50_000, 50_000)]
    [InlineData(10_001, 10)]
    [InlineData(9_000, 9_000)]
    public void A_small_file_that_claims_to_be_a_huge_picture_is_refused_by_its_header(int width, int height)
    {
        var refused = Assert.Throws<PhotoException>(() => PhotoEncoder.Encode(PngClaiming(width, height)));
        Assert.Contains("te groot", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("niets")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>")]
    [InlineData("%PDF-1.7")]
    [InlineData("GIF89a\u0001\0\u0001\0\0\0\0")]
    [InlineData("BM")]
    [InlineData("\u00FF\u00D8\u00FF")]
    [InlineData("\u0089PNG")]
    public void What_is_no_photo_is_refused(string file) => Assert.Throws<PhotoException>(() => PhotoEncoder.Encode(Encoding.Latin1.GetBytes(file)));

    [Fact]
    public void A_picture_that_was_cut_off_is_refused()
    {
        using var bitmap = Draw(600, 400);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        var whole = data.ToArray();
        Assert.Contains("beschadigd", Assert.Throws<PhotoException>(() => PhotoEncoder.Encode(whole[..(whole.Length / 2)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_pictures_are_refused_or_encoded_and_never_worse()
    {
        using var bitmap = Draw(64, 64);
        foreach (var format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp])
        {
            using var data = bitmap.Encode(format, 90);
            var (original, random) = (data.ToArray(), new Random(7));
            for (var i = 0; i < 500; i++)
            {
                var damaged = (byte[])original.Clone();
                for (var n = random.Next(1, 6); n > 0; n--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                try
                {
                    Assert.Equal([0xFF, 0xD8], PhotoEncoder.Encode(damaged)[..2]);
                }
                catch (PhotoException)
                {
                }
            }
        }
    }

    static SKBitmap Draw(int width = Width, int height = Height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        for (var corner = 0; corner < 4; corner++)
        {
            using var paint = new SKPaint { Color = Corners[corner] };
            canvas.DrawRect(corner % 2 * width / 2f, corner / 2 * height / 2f, width / 2f, height / 2f, paint);
        }

        return bitmap;
    }

    /// <summary>The picture as a camera stores it that was held in this way: each pixel where EXIF 2.3 (tag 0x0112) says it stands.</summary>
    static byte[] Stored(int orientation)
    {
        using var meant = Draw();
        var turned = orientation >= 5;
        using var stored = new SKBitmap(new SKImageInfo(turned ? Height : Width, turned ? Width : Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var (column, row) = orientation switch
                {
                    1 => (x, y),
                    2 => (Width - 1 - x, y),
                    3 => (Width - 1 - x, Height - 1 - y),
                    4 => (x, Height - 1 - y),
                    5 => (y, x),
                    6 => (y, Width - 1 - x),
                    7 => (Height - 1 - y, Width - 1 - x),
                    _ => (Height - 1 - y, x),
                };
                stored.SetPixel(column, row, meant.GetPixel(x, y));
            }
        }

        using var data = stored.Encode(SKEncodedImageFormat.Jpeg, 98);
        return data.ToArray();
    }

    /// <summary>With an EXIF segment that has one or two tags: the orientation and a description.</summary>
    static byte[] WithExif(byte[] jpeg, int orientation, string description = "foto")
    {
        var text = Encoding.ASCII.GetBytes(description + "\0");
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 2,
            0x01, 0x0E, 0, 2, 0, 0, 0, (byte)text.Length, 0, 0, 0, 38,
            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, .. text];
        return [.. jpeg[..2], .. Segment(0xE1, exif), .. jpeg[2..]];
    }

    static byte[] Segment(byte marker, string content) => Segment(marker, Encoding.ASCII.GetBytes(content));

    static byte[] Segment(byte marker, byte[] content)
    {
        byte[] segment = [0xFF, marker, 0, 0, .. content];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(content.Length + 2));
        return segment;
    }

    static List<int> Markers(byte[] jpeg)
    {
        var markers = new List<int> { jpeg[1] };
        for (var at = 2; at < jpeg.Length;)
        {
            Assert.Equal(0xFF, jpeg[at]);
            var marker = jpeg[at + 1];
            markers.Add(marker);
            if (marker == 0xD9)
                break;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
            // The picture itself runs to the next marker that is neither stuffed nor a restart.
            if (marker == 0xDA)
                while (jpeg[at] != 0xFF || jpeg[at + 1] is 0 or (>= 0xD0 and <= 0xD7))
                    at++;
        }

        return markers;
    }

    static byte[] PngClaiming(int width, int height)
    {
        using var bitmap = Draw();
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        var png = data.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }

    static bool IsLike(SKColor expected, SKColor seen) =>
        Math.Abs(expected.Red - seen.Red) < 40 && Math.Abs(expected.Green - seen.Green) < 40 && Math.Abs(expected.Blue - seen.Blue) < 40;
}
