import { expect, it } from 'vitest'
import { meanLossOf } from '../../../src/scenario/import/netem-loss.ts'
import { tcCommands } from '../../../src/scenario/import/tc-commands.ts'
import { imported } from './imported.ts'

const ADD = 'tc qdisc add dev eth0 root netem'

/** What the links of a script say, without the comment. */
function linksOf(script: string) {
  const { text, leftOut } = imported({ 'net.sh': `${script}\n` })
  const links = [...text.matchAll(/^ {4}"region-\d -> region-\d": "([^"]*)"/gm)]
  return { links: links.map(([, netem]) => netem), leftOut }
}

it.each([
  ['goes on behind a backslash', 'tc qdisc add dev eth0 root \\\n  netem delay 9ms \\\n  loss 1%'],
  ['is quoted for another machine', `ssh b1 "${ADD} delay 9ms loss 1%"`],
  ['is what tc shows', 'qdisc netem 8001: root refcnt 2 delay 9ms loss 1%'],
  ['writes its units in capitals', `${ADD} delay 9MS loss 1%`],
  ['counts nanoseconds', `${ADD} delay 9000000ns loss 1%`],
])('a command that %s is read whole', (_, script) => {
  const { links } = linksOf(script)
  expect(links).toEqual([expect.stringMatching(/^delay 9(ms|000us) loss 1%$/)])
})

it('commands on one line are several, and what ends the shaping is named', () => {
  const del = 'tc qdisc del dev eth0 root netem'
  const { links, leftOut } = linksOf(`${ADD} delay 9ms && sleep 5; ${del}`)
  expect(links).toEqual(['delay 9ms'])
  expect(leftOut).toContain('sleep 5: no netem')
  expect(leftOut).toContain(`${del}: a link is shaped for the whole run`)
})

it('a change takes the place of what shapes the same device, and only of that', () => {
  const other = 'tc qdisc replace dev eth1 root netem delay 7ms'
  const change = 'tc qdisc change dev eth0 root handle 1: netem delay 5ms'
  const { links, leftOut } = linksOf([`${ADD} delay 9ms`, other, change].join('\n'))
  expect(links).toEqual(['delay 5ms', 'delay 7ms'])
  expect(leftOut).toContain(
    'net.sh:1 [0]: tc qdisc add dev eth0 root netem delay 9ms: line 3 takes',
  )
})

it('two machines may add the same', () => {
  const { links } = linksOf(`${ADD} delay 9ms\n${ADD} delay 5ms`)
  expect(links).toEqual(['delay 9ms', 'delay 5ms'])
})

it.each([
  ['gemodel 1% 10% 70% 0.1%', 6.4545],
  ['gemodel 1%', 1],
  ['gemodel 2% 8%', 20],
  ['state 1% 10%', 9.0909],
  ['state 5', 5],
  // A ninth of the good ones, and one in a thousand, in 1 + 1/9 + 1/450 + 1/1000 of them.
  ['state 1% 9% 1% 50% 0.1%', 10.0608],
])('bursts of loss %s are carried over as the share that they lose', (words, percent) => {
  const { links, leftOut } = linksOf(`${ADD} loss ${words}`)
  expect(links).toEqual([`loss ${percent}%`])
  expect(leftOut).toContain(`loss ${words}: losses come one by one, ${percent}% of all packets`)
})

it('a share that is none is no loss', () => {
  expect(meanLossOf('gemodel', ['120%'])).toBeNull()
  expect(meanLossOf('state', ['much'])).toBeNull()
  expect(meanLossOf('state', [])).toBeNull()
})

it('comments are no commands', () => {
  expect(tcCommands([`# ${ADD} delay 1ms`, '', `${ADD} delay 2ms # slow`])).toMatchObject([
    { index: 2, netem: 'delay 2ms', verb: 'add' },
  ])
})
