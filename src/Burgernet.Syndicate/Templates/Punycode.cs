namespace Burgernet.Syndicate.Templates;

/// <summary>
/// How long a label of a domain name becomes in ASCII (RFC 3492). <see cref="System.Globalization.IdnMapping"/> cannot
/// be asked: it throws on the many labels that are no real domain name.
/// </summary>
static class Punycode
{
    const int Base = 36;
    const int LongestPossible = 64;

    /// <summary>Length with the "xn--" prefix where one is needed; a number too large is as good as any other.</summary>
    public static int EncodedLength(string label)
    {
        if (label.All(c => c is >= ' ' and <= '~'))
            return label.Length;

        var codePoints = CodePoints(label);
        // Every code point takes at least one character, so there is no need to work out the rest.
        if (codePoints.Count > LongestPossible)
            return int.MaxValue / 2;

        var basic = codePoints.Count(c => c < 0x80);
        var length = "xn--".Length + basic + (basic > 0 ? 1 : 0);
        int n = 0x80, delta = 0, bias = 72, handled = basic;
        while (handled < codePoints.Count)
        {
            var next = codePoints.Where(c => c >= n).Min();
            delta += (next - n) * (handled + 1);
            n = next;
            foreach (var c in codePoints)
            {
                if (c < n)
                    delta++;
                if (c != n)
                    continue;
                length += DigitCount(delta, bias);
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }

            delta++;
            n++;
        }

        return length;
    }

    static int DigitCount(int value, int bias)
    {
        var count = 1;
        for (var k = Base; ; k += Base, count++)
        {
            var threshold = Math.Clamp(k - bias, 1, 26);
            if (value < threshold)
                return count;
            value = (value - threshold) / (Base - threshold);
        }
    }

    static int Adapt(int delta, int handled, bool first)
    {
        delta = first ? delta / 700 : delta / 2;
        delta += delta / handled;
        var k = 0;
        for (; delta > 35 * 26 / 2; k += Base)
            delta /= 35;
        return k + 36 * delta / (delta + 38);
    }

    static List<int> CodePoints(string label)
    {
        var codePoints = new List<int>(label.Length);
        for (var i = 0; i < label.Length; i++)
            codePoints.Add(char.IsSurrogatePair(label, i) ? char.ConvertToUtf32(label[i], label[++i]) : label[i]);
        return codePoints;
    }
}
