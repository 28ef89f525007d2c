// DuckDB answers the questions of figures.py: node duckdb_figures.mjs TASK.json
//
// TASK.json: {threads, rounds, tables: [SQL that loads them], questions: {name: SQL}}. Prints one JSON line for each question:
// {name, seconds: [of each round], cpu: [of each round], rows: [the answer of the last round]}. Each question runs once before it is
// timed. The time ends when the whole answer is in memory, in DuckDB's own columns; rows are made from it afterwards.
import {readFileSync} from 'node:fs';
import {DuckDBInstance} from '@duckdb/node-api';

const task = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const instance = await DuckDBInstance.create(':memory:', {threads: String(task.threads)});
const connection = await instance.connect();
for (const sql of task.tables) await connection.run(sql);
for (const [name, sql] of Object.entries(task.questions)) {
  const seconds = [], cpu = [];
  let answer = await connection.runAndReadAll(sql);
  for (let round = 0; round < task.rounds; ++round) {
    const cpu_before = process.cpuUsage();
    const started = process.hrtime.bigint();
    answer = await connection.runAndReadAll(sql);
    seconds.push(Number(process.hrtime.bigint() - started) / 1e9);
    const used = process.cpuUsage(cpu_before);  // of all threads, in microseconds
    cpu.push((used.user + used.system) / 1e6);
  }
  console.log(JSON.stringify({name, seconds, cpu, rows: answer.getRowsJson()}));
}
