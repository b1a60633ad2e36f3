using System.Data;
using System.Globalization;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Burgernet.Syndicate.Storage;

/// <summary>
/// How moments are stored. On PostgreSQL as timestamptz. On SQLite as UTC text of fixed width, so that the order of the
/// text is the order of time; without this handler it stores the local offset and compares wrongly without any error.
/// </summary>
sealed class Timestamps : SqlMapper.ITypeHandler
{
    const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>Must run before the first query: Dapper caches the code it emits.</summary>
    public static void Register()
    {
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(typeof(DateTimeOffset), new Timestamps());
    }

    public void SetValue(IDbDataParameter parameter, object value)
    {
        if (parameter is NpgsqlParameter server)
        {
            // Also of an absent one: PostgreSQL takes a null without a type for text.
            server.NpgsqlDbType = NpgsqlDbType.TimestampTz;
            server.Value = value is DateTimeOffset at ? at.UtcDateTime : DBNull.Value;
            return;
        }

        parameter.DbType = DbType.String;
        parameter.Value = value is DateTimeOffset moment ? moment.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) : DBNull.Value;
    }

    public object Parse(Type destinationType, object value) => value switch
    {
        DateTime at => new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)),
        string text => DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        _ => throw new InvalidCastException($"a moment cannot be a {value.GetType().Name}"),
    };
}
