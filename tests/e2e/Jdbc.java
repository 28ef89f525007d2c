import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.HexFormat;
import java.util.List;
import java.util.TimeZone;

/**
 * Reads a warehouse over JDBC for jdbc.py: each line of standard output is one value or one fact, with fields separated by tabs.
 *
 *   java -cp sqlite-jdbc.jar Jdbc.java URL LIBRARY
 */
class Jdbc {
    static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    static void say(Object... fields) {
        StringBuilder line = new StringBuilder();
        for (Object field : fields) {
            if (line.length() > 0) line.append('\t');
            line.append(field == null ? "\\N" : field.toString().replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r"));
        }
        System.out.println(line);
    }

    /** A value as a program reads it that relies on the declared type. */
    static Object value(ResultSet rows, int column, String declared) throws SQLException {
        Object value;
        switch (declared) {
            case "TIMESTAMP":
                Timestamp time = rows.getTimestamp(column, utc());
                value = time == null ? null : FORM.format(LocalDateTime.ofInstant(time.toInstant(), ZoneOffset.UTC));
                break;
            case "DOUBLE": value = rows.getDouble(column); break;
            case "INTEGER":
            case "BIGINT": value = rows.getLong(column); break;
            case "BLOB":
                byte[] bytes = rows.getBytes(column);
                value = bytes == null ? null : HexFormat.of().formatHex(bytes);
                break;
            default: value = rows.getString(column);
        }
        return rows.wasNull() ? null : value;
    }

    static void table(Connection connection, String name) throws SQLException {
        List<String> declared = new ArrayList<>();
        try (ResultSet columns = connection.getMetaData().getColumns(null, null, name.replace("_", "\\_"), null)) {
            while (columns.next()) {
                declared.add(columns.getString("TYPE_NAME"));
                say("column", name, columns.getString("COLUMN_NAME"), columns.getString("TYPE_NAME"));
            }
        }
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT * FROM \"" + name + "\"")) {
            ResultSetMetaData meta = rows.getMetaData();
            if (meta.getColumnCount() != declared.size()) throw new IllegalStateException(name + " has other columns than it says");
            while (rows.next()) {
                Object[] line = new Object[declared.size() + 2];
                line[0] = "row";
                line[1] = name;
                for (int i = 1; i <= declared.size(); i++) line[i + 1] = value(rows, i, declared.get(i - 1));
                say(line);
            }
        }
    }

    static Calendar utc() {
        return Calendar.getInstance(TimeZone.getTimeZone("UTC"));
    }

    static void count(Connection connection, String what, String sql, Object parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (parameter instanceof Timestamp) statement.setTimestamp(1, (Timestamp) parameter);
            else if (parameter instanceof Date) statement.setDate(1, (Date) parameter);
            else statement.setObject(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                say(what, rows.getLong(1));
            }
        }
    }

    static void attempt(String what, Statement statement, String sql) {
        try {
            statement.executeUpdate(sql);
            say(what, "done");
        } catch (SQLException error) {
            say(what, error.getMessage());
        }
    }

    public static void main(String[] arguments) throws Exception {
        String url = arguments[0], library = arguments[1];
        String since = "SELECT count(*) FROM interaction WHERE start_time >= ?";
        Timestamp instant = Timestamp.from(Instant.parse("2024-05-06T01:01:00Z"));
        try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement()) {
            say("driver", connection.getMetaData().getDriverVersion(), connection.getMetaData().getDatabaseProductVersion());
            List<String> names = new ArrayList<>();
            try (ResultSet tables = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE", "VIEW"})) {
                while (tables.next()) {
                    names.add(tables.getString("TABLE_NAME"));
                    say(tables.getString("TABLE_TYPE"), tables.getString("TABLE_NAME"));
                }
            }
            for (String name : names) table(connection, name);
            try (ResultSet rows = statement.executeQuery("SELECT sum(bytes) FROM import_file")) {
                rows.next();
                say("sum", rows.getLong(1), rows.getObject(1).getClass().getSimpleName());
            }
            count(connection, "text", since, "2024-05-06 01:01:00.000");
            count(connection, "timestamp", since, instant);
            try (PreparedStatement prepared = connection.prepareStatement(since)) {
                prepared.setTimestamp(1, instant, utc());
                try (ResultSet rows = prepared.executeQuery()) {
                    rows.next();
                    say("timestamp of UTC", rows.getLong(1));
                }
            }
            count(connection, "date", since, Date.valueOf("2024-05-06"));
            attempt("write", statement, "DELETE FROM quarantine");
        }
        // Without date_class=TEXT a date is bound as milliseconds since 1970, which equals no text.
        try (Connection connection = DriverManager.getConnection(url.replace("date_class=TEXT", "date_class=INTEGER"))) {
            count(connection, "timestamp as number", since, instant);
        }
        try (Connection connection = DriverManager.getConnection(url + "&enable_load_extension=true"); Statement statement = connection.createStatement()) {
            statement.execute("SELECT load_extension('" + library.replace("'", "''") + "')");
            try (ResultSet rows = statement.executeQuery("SELECT cdr_version(), (SELECT count(*) FROM interactions), (SELECT round(sum(active_seconds), 3) FROM interactions)")) {
                rows.next();
                say("loaded", rows.getString(1), rows.getLong(2), rows.getDouble(3));
            }
            count(connection, "virtual", "SELECT count(*) FROM interactions WHERE start_time >= ?", instant);
            try (ResultSet rows = statement.executeQuery("SELECT offered, service_level FROM queue_report('2024-05-06', '2024-05-07')")) {
                while (rows.next()) say("report", rows.getLong(1), rows.getObject(2));
            }
            attempt("error", statement, "SELECT cdr_time('soon', 'Mars/Olympus')");
        }
    }
}
