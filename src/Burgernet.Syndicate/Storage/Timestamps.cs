using System.Data;
using System.Globalization;
using Dapper;

namespace Burgernet.Syndicate.Storage;

/// <summary>
/// How moments are stored: UTC text of fixed width, so that the order of the text is the order of time. Without this
/// handler SQLite stores the local offset and compares wrongly without any error.
/// </summary>
sealed class Timestamps : SqlMapper.TypeHandler<DateTimeOffset>
{
    const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>Must run before the first query: Dapper caches the code it emits.</summary>
    public static void Register()
    {
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new Timestamps());
    }

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
    {
        parameter.DbType = DbType.String;
        parameter.Value = value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
    }

    public override DateTimeOffset Parse(object value) =>
        DateTimeOffset.ParseExact((string)value, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
