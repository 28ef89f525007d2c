#!/usr/bin/python3
"""A warehouse in LibreOffice: libreoffice.py DATABASE, in a folder with day.xlsx, and with the DSNs cdr and cdr-calc.

Base uses a DSN: rows of all of the model's tables, sums beyond 32 bits, libcdr's own tables, and no writing. Calc uses a query of a registered data
source in a sheet, where numbers must be numbers, and the workbook, cell by cell.
"""
import datetime
import os
import signal
import sqlite3
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.sdbc import SQLException
from com.sun.star.sheet.DataImportMode import SQL

database = sqlite3.connect(sys.argv[1])
folder = 'file://' + os.getcwd()


def ask(sql, *parameters):
    return database.execute(sql, parameters).fetchall()


def properties(**values):
    made = []
    for name, value in values.items():
        each = PropertyValue()
        each.Name, each.Value = name, value
        made.append(each)
    return tuple(made)


def connect(process):
    """LibreOffice answers once it has started; the test gives up only if its process ends."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext('com.sun.star.bridge.UnoUrlResolver', local)
    while True:
        try:
            return resolver.resolve(f'uno:pipe,name=cdr{os.getpid()};urp;StarOffice.ComponentContext')
        except NoConnectException:
            assert process.poll() is None, 'LibreOffice has ended'
            time.sleep(0.1)


def instant(stamp):
    return datetime.datetime(stamp.Year, stamp.Month, stamp.Day, stamp.Hours, stamp.Minutes, stamp.Seconds, stamp.NanoSeconds // 1000)


def value(rows, column, declared):
    got = {'TIMESTAMP': rows.getTimestamp, 'DOUBLE': rows.getDouble, 'INTEGER': rows.getLong, 'BIGINT': rows.getLong}.get(declared, rows.getString)(column)
    if rows.wasNull():
        return None
    return instant(got) if declared == 'TIMESTAMP' else got


def over_odbc(create):
    connection = create('com.sun.star.sdbc.DriverManager').getConnectionWithInfo('sdbc:odbc:cdr', properties(CharSet='UTF-8'))
    names, found = {name for (name,) in ask("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}, set()
    listed = connection.getMetaData().getTables(None, '%', '%', ('TABLE', 'VIEW'))
    while listed.next():
        found.add(listed.getString(3))
    assert names <= found | {'sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'}, names - found
    values = 0
    for (table,) in ask('SELECT DISTINCT table_name FROM cdr_column'):
        declared = [kind for (kind,) in ask('SELECT type FROM pragma_table_info(?)', table)]
        some = f'SELECT * FROM "{table}" LIMIT 40'  # each value is a call between processes
        rows = connection.createStatement().executeQuery(some)
        for number, want in enumerate(ask(some)):
            assert rows.next(), f'{table} ends after {number} rows'
            for i, kind in enumerate(declared):
                wanted = datetime.datetime.fromisoformat(want[i]) if kind == 'TIMESTAMP' and want[i] else want[i]
                got = value(rows, i + 1, kind)
                assert got == wanted, (table, number, rows.getMetaData().getColumnName(i + 1), got, wanted)
                values += 1
        assert not rows.next(), f'{table} has too many rows'
    assert values > 10000, values

    def one(sql):
        rows = connection.createStatement().executeQuery(sql)
        assert rows.next()
        return rows

    assert one('SELECT sum(n) AS s FROM (SELECT 3000000000 AS n UNION ALL SELECT 3000000000)').getLong(1) == 6000000000
    assert one('SELECT count(*) AS n FROM interactions').getLong(1) == ask('SELECT count(*) FROM interaction')[0][0]
    # Instants compare as text; LibreOffice 7.4 crashes on a parameter over ODBC, whatever its type and the library.
    since = "SELECT count(*) AS n FROM interaction WHERE start_time >= '2024-05-06 01:01:00.000'"
    assert one(since).getLong(1) == ask(since)[0][0] > 0
    try:
        connection.createStatement().executeUpdate('DELETE FROM quarantine')
        raise AssertionError('it can be written')
    except SQLException as error:
        assert 'readonly database' in error.Message, error.Message
    connection.close()
    return values


def matches(cell, wanted):
    """Whether a cell of a sheet equals a value of the warehouse: a number or a text; NULL is an empty text. Instants are days since 1899-12-30, whose
    double keeps some microseconds."""
    if isinstance(wanted, datetime.datetime):
        return isinstance(cell, float) and abs(datetime.datetime(1899, 12, 30) + datetime.timedelta(days=cell) - wanted) < datetime.timedelta(milliseconds=1)
    if isinstance(wanted, (int, float)):
        return isinstance(cell, float) and cell == wanted
    return cell == (wanted or '')


def same_sheet(sheet, sql, kinds):
    cursor = database.execute(sql)
    wanted = [[column[0] for column in cursor.description], *cursor.fetchall()]
    found = sheet.getCellRangeByPosition(0, 0, len(kinds) - 1, len(wanted)).DataArray
    wrong = []
    for row, values in enumerate(wanted):
        for column, value in enumerate(values):
            if row and kinds[column] == 'TIMESTAMP' and value:
                value = datetime.datetime.fromisoformat(value)
            if not matches(found[row][column], value):
                wrong.append((row, column, value, found[row][column]))
    assert set(found[-1]) == {''}, 'the sheet has more rows'
    return len(wanted) - 1, wrong


def in_calc(create, desktop):
    """A data source, made and registered as File → New → Database does, and its query in a sheet."""
    columns = {'vendor': 'TEXT', 'start_time': 'TIMESTAMP', 'active_seconds': 'DOUBLE', 'agent_count': 'INTEGER', 'outcome': 'TEXT'}
    sql = f'SELECT {", ".join(columns)} FROM interaction ORDER BY interaction_key'
    sources = create('com.sun.star.sdb.DatabaseContext')
    for dsn in ('cdr', 'cdr-calc'):
        source = sources.createInstance()
        source.URL = 'sdbc:odbc:' + dsn
        source.Info = properties(CharSet='UTF-8')
        source.DatabaseDocument.storeAsURL(f'{folder}/{dsn}.odb', ())
        sources.registerObject(dsn, source)
        book = desktop.loadComponentFromURL('private:factory/scalc', '_blank', 0, properties(Hidden=True))
        sheet = book.Sheets.getByIndex(0)
        sheet.getCellRangeByName('A1:A1').doImport(properties(DatabaseName=dsn, SourceType=SQL, SourceObject=sql, IsNative=True))
        rows, wrong = same_sheet(sheet, sql, list(columns.values()))
        if dsn == 'cdr':  # as docs/odbc.md says about BigInt = 1
            assert len(wrong) == rows and all(column == 3 and str(wanted) == text for _, column, wanted, text in wrong), wrong[:5]
        else:
            assert rows > 100 and not wrong, wrong[:5]
        book.close(True)


def workbook(desktop):
    book = desktop.loadComponentFromURL(f'{folder}/day.xlsx', '_blank', 0, properties(Hidden=True, ReadOnly=True))
    assert book.Sheets.ElementNames == ('interaction', 'queue_visit'), book.Sheets.ElementNames
    for table in book.Sheets.ElementNames:
        kinds = [kind for (kind,) in ask('SELECT type FROM pragma_table_info(?)', table)]
        rows, wrong = same_sheet(book.Sheets.getByName(table), f'SELECT * FROM {table}', kinds)
        assert rows > 50 and not wrong, (table, rows, wrong[:5])
    book.close(True)


process = subprocess.Popen(['soffice', '--headless', '--norestore', '--nodefault', f'-env:UserInstallation={folder}/profile',
                            f'--accept=pipe,name=cdr{os.getpid()};urp;'], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    context = connect(process)

    def create(service):
        return context.ServiceManager.createInstanceWithContext(service, context)

    desktop = create('com.sun.star.frame.Desktop')
    values = over_odbc(create)
    in_calc(create, desktop)
    workbook(desktop)
    configuration = create('com.sun.star.configuration.ConfigurationProvider').createInstanceWithArguments(
        'com.sun.star.configuration.ConfigurationAccess', properties(nodepath='/org.openoffice.Setup/Product'))
    print(f'LibreOffice {configuration.getByName("ooSetupVersionAboutBox")}: {values} values over ODBC, a query and a workbook in Calc are as they should be')
    desktop.terminate()
    process.wait()
finally:
    # soffice is a script with LibreOffice as its child, so they run in a session of their own.
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
