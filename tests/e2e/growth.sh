#!/bin/bash
# Large interactions: RECORDS dialogs linked to one, routing events of one session, legs of one guid; 200 files that add to one interaction of 5,000
# dialogs; and 12,000 dialogs linked to an id that no record has. Prints the CPU time and memory (the promise: under 30 s and 512 MiB for 100,000).
# The test fails only on a wrong result or at four times the promise, a limit that ends a hanging program.
#
#   growth.sh LIBRARY ROOT [RECORDS]   (8000; a multiple of 8)
set -eu
library=$1 root=$2 n=${3-8000}
. "$root/tests/e2e/shell.sh"
if is_sanitized; then echo "left out: the sanitizers take ten times as long"; exit 77; fi
[ -x /usr/bin/time ] || { echo "needs the package time"; exit 1; }
program=$(dirname "$library")/cdr
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# records SHAPE FIRST BEHIND: prints records, one per line
records() {
  /usr/bin/python3 - "$@" << 'END'
import json, sys, time
shape, first, behind = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def uuid(i): return '%08x-0000-4000-8000-000000000001' % i
def stamp(i): return time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(1710255600 + i))
words = ['RoutingRequestCreated', 'EnteredGroupQueue', 'AssignedToOperator', 'OperatorTimeoutExpired',
         'AssignedToOperator', 'AcceptedByOperator', 'LeftGroupQueue', 'ForwardedToGroup']
for i in range(first, behind):
    if shape == 'routing':
        record = {'sessionId': 77, 'routingRequestId': i // 8, 'timestamp': stamp(i).replace(' ', 'T') + 'Z',
                  'activityType': words[i % 8], 'group': {'id': i % 50, 'name': 'Group %d' % (i % 50)},
                  'operator': {'userId': i // 4 % 3000, 'firstName': 'Ann', 'lastName': 'Example'} if i % 8 in (2, 3, 4, 5) else None}
    elif shape == 'legs':
        call = '1710255600.%d' % (i // 4)
        record = {'id': i + 1, 'calldate': stamp(i), 'clid': '"Support" <48500%06d>' % (i // 4), 'src': '48500%06d' % (i // 4), 'dst': '100',
                  'dcontext': 'inbound', 'channel': 'SIP/carrier-%08x' % (i // 4), 'dstchannel': 'SIP/%d-%08x' % (i % 500, i),
                  'lastapp': 'Queue', 'lastdata': 'Support,tkc,,,600', 'duration': 60, 'billsec': 40 if i % 4 == 3 else 0,
                  'disposition': 'ANSWERED' if i % 4 == 3 else 'NO ANSWER', 'accountcode': 'Inbound', 'userfield': None, 'uniqueid': call,
                  'type': 'record', 'guid': uuid(0), 'causecode': '16', 'campaign': 'Support', 'direction': 'inbound', 'linkedid': call,
                  'peeraccount': 'agent%d' % (i % 500), 'sequence': i, 'finishtime': stamp(i + 60)}
    else:
        agent = {'id': i % 5000, 'username': 'u%d' % (i % 5000), 'firstname': 'Ann', 'surname': 'Example'} if i % 3 else None
        linked = ['n/a'] if shape == 'hub' else [uuid(0)] if i else []
        record = {'dialog_uuid': uuid(i), 'dialog_type': 'CONSULTANT' if agent else 'EXTERNAL', 'business_direction': 'INBOUND',
                  'from_display_target': '48500%06d' % i, 'to_display_target': '48500000100', 'start_time': stamp(i),
                  'hangup_time': stamp(i + 120), 'serve_time': stamp(i + 25), 'talking_time': 95000, 'alert_time': stamp(i + 20),
                  'answer_time': stamp(i + 25), 'waiting_time': 25000, 'first_queue_waiting_time': 18000, 'initial_media': ['audio'],
                  'project': {'id': 918, 'name': 'Support', 'language': 'pl', 'service_type': 'CONTACT_CENTER', 'service_id': 1},
                  'tenant_user': agent, 'anonymous': None if agent else {'display_name': '48500%06d' % i},
                  'hangup_cause': 'NORMAL_CLEARING', 'end_cause': 'HANGUP', 'linked_dialogs': linked}
    print(json.dumps(record, separators=(',', ':')))
END
}
# costs WHAT COMMAND…: runs the command within limits
costs() {
  what=$1
  shift
  (ulimit -t 120; ulimit -v 4194304; exec /usr/bin/time -o "$work/cost" -f '%U + %S s of cpu, %M KiB' "$@") > "$work/said" 2>&1 ||
    { failed=1; echo "$what fails:"; head -5 "$work/said"; }
  echo "$what: $(tail -1 "$work/cost")"
}
# is WHAT WANTED FOUND
is() { [ "$3" = "$2" ] || { failed=1; echo "$1: expected $2, found $3"; }; }
ask() { sqlite3 -batch -init /dev/null "$work/$1.db" "$2"; }

records star 0 $n > "$work/star.ndjson"
records routing 0 $n > "$work/routing.ndjson"
records legs 0 $n > "$work/legs.ndjson"
records star 0 5000 > "$work/before.ndjson"
mkdir "$work/files"
records star 5000 7000 | split -l 10 -a 3 --additional-suffix=.ndjson - "$work/files/"
records hub 200000 212000 > "$work/hub.ndjson"
records star $n $((n + 100)) > "$work/late.ndjson"

costs "$n dialogs linked to one" "$program" import --db "$work/star.db" "$work/star.ndjson"
is "interactions and dialogs" "1|$n|$n" "$(ask star "SELECT count(*), dialog_count, (SELECT count(*) FROM dialog) FROM interaction")"
costs "100 late ones" "$program" import --db "$work/star.db" "$work/late.ndjson"
is "interactions and dialogs" "1|$((n + 100))|$((n + 100))" "$(ask star "SELECT count(*), dialog_count, (SELECT count(*) FROM dialog) FROM interaction")"
costs "$n routing events of one session" "$program" import --db "$work/routing.db" "$work/routing.ndjson"
is "interactions, visits and events" "1|$((n / 8))|$((n / 4))" \
  "$(ask routing "SELECT count(*), (SELECT count(*) FROM queue_visit), (SELECT count(*) FROM queue_event) FROM interaction")"
costs "$n legs of one guid" "$program" import --db "$work/legs.db" "$work/legs.ndjson"
is "interactions and legs" "1|$n" "$(ask legs "SELECT count(*), (SELECT count(*) FROM raw_record) FROM interaction")"
costs "5,000 dialogs linked to one" "$program" import --db "$work/files.db" "$work/before.ndjson"
costs "200 files that add 10 each" "$program" import --db "$work/files.db" "$work/files"
is "interactions, dialogs and files" "1|7000|201" \
  "$(ask files "SELECT count(*), dialog_count, (SELECT count(*) FROM import_file WHERE interactions = 1) FROM interaction")"
costs "12,000 dialogs that name one that is not there" "$program" import --db "$work/hub.db" "$work/hub.ndjson"
grep -q '12000 records.*link_not_followed' "$work/said" || { failed=1; echo "the link is not reported:"; cat "$work/said"; }
is "interactions" 12000 "$(ask hub "SELECT count(*) FROM interaction")"
costs "the dialogs, read where they are" sqlite3 -batch -init /dev/null :memory: ".load $library" \
  "SELECT count(*), max(dialog_count) FROM interactions(cdr_file('$work/star.ndjson'))"
is "interactions and dialogs" "1|$n" "$(cat "$work/said")"
exit $failed
