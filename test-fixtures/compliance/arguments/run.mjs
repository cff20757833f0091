// SPDX-License-Identifier: MIT OR BSL-1.0
import { child } from '../child.mjs'
import { badCalls, callables, javascriptProgram, luaProgram } from './cases.mjs'
import { camel } from '../names.mjs'

/** The jobs of this half of the suite: each calls one described function in every wrong way, in a process of its own. */
export function argumentJobs (manifest, languages) {
  return languages.flatMap(language => callables(manifest, language).map(callable => ({
    name: `arguments ${language} ${callable.name}`,
    run: () => check(callable, manifest, language)
  })))
}

async function check (callable, manifest, language) {
  const calls = badCalls(callable, manifest, language)
  const method = callable.member.kind === 'method'
  const count = calls.length + (method ? 2 : 0)
  if (count === 0) return []
  const program = (language === 'lua' ? luaProgram : javascriptProgram)(callable, calls, manifest)
  const { lines, ended, errors } = await child(language, program)
  const reports = lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line))
  const results = []
  for (let i = 0; i < count; i++) {
    const label = calls[i]?.label ?? (i === calls.length ? 'without a receiver' : 'another receiver')
    const name = `arguments ${language} ${callable.name}: ${label}`
    const report = reports.find(r => r.call === i)
    results.push({ name, problem: report ? judge(report, calls[i], callable, language) : `not answered: ${ended} ${errors}` })
  }
  if (ended !== 'exit 0') results.push({ name: `arguments ${language} ${callable.name} ends`, problem: `${ended} ${errors}` })
  return results
}

/** What is wrong with the answer to a bad call, or `null`. */
function judge (report, call, { member }, language) {
  if (!report.failed) return `was accepted: ${report.text}`
  if (language === 'typescript' && (member.suspends || member.blocking) && report.sync) return 'threw instead of rejecting'
  if (report.text.length < 5 || report.text === 'Invalid argument') return `says no more than "${report.text}"`
  if (!call) return null
  const { name } = member.parameters[call.culprit]
  const index = call.culprit + (['method', 'setter'].includes(member.kind) ? 2 : 1)
  const wanted = language === 'lua'
    ? { arg: String(index), path: call.path && name + call.path }
    : { arg: camel(name) + call.path }
  const wrong = Object.keys(wanted).find(key => wanted[key] && report[key] !== wanted[key])
  return wrong ? `names the argument ${report[wrong]}, not ${wanted[wrong]}: ${report.text}` : null
}
