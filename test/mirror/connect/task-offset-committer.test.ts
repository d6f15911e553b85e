import { describe, expect, it } from 'vitest'
import { SourceTaskOffsetCommitter } from '../../../src/mirror/connect/task-offset-committer.ts'
import type { Process } from '../../../src/sim/process.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { ConnectRig } from './connect-rig.ts'

/** A committer of 60 s, and when it committed for whom. */
class Commits {
  readonly rig = new ConnectRig()
  readonly told: string[] = []
  readonly #built: [Process, SourceTaskOffsetCommitter][] = []

  constructor() {
    this.rig
      .process('worker', (process) => {
        this.#built.push([process, new SourceTaskOffsetCommitter(process, 60_000)])
      })
      .start()
    this.rig.run(0)
  }

  /** Commits of `name` take so many seconds; the result takes it from the schedule. */
  schedule(name: string, seconds: number): () => void {
    const [built] = this.#built
    if (built === undefined) throw new Error('the process has not booted')
    const [process, committer] = built
    return committer.schedule((onDone) => {
      this.told.push(`${Math.round(this.rig.now)} ${name}`)
      if (seconds === 0) onDone()
      else process.timer(onDone).arm(seconds * SECOND)
    })
  }
}

describe('the thread that commits the offsets of all source tasks of a worker', () => {
  it('comes to each of them an interval after its last commit was over', () => {
    const commits = new Commits()
    commits.schedule('a', 0)
    commits.rig.run(10)
    commits.schedule('b', 3)
    commits.rig.run(190)
    expect(commits.told).toEqual(['60 a', '70 b', '120 a', '133 b', '180 a', '196 b'])
  })

  it('has who is due meanwhile wait for who is slow, and takes them as they were due', () => {
    const commits = new Commits()
    commits.schedule('a', 30)
    commits.schedule('b', 30)
    commits.rig.run(20)
    commits.schedule('c', 0)
    commits.rig.run(210)
    expect(commits.told).toEqual(['60 a', '90 b', '120 c', '150 a', '180 b', '210 c'])
  })

  it('does not commit for a task that is gone, though it stood in line', () => {
    const commits = new Commits()
    commits.schedule('a', 30)
    const cancel = commits.schedule('b', 0)
    commits.rig.run(70)
    cancel()
    commits.rig.run(100)
    expect(commits.told).toEqual(['60 a', '150 a'])
  })

  it('is held up by the last commit of a task that has been cancelled, and then goes on', () => {
    const commits = new Commits()
    const cancel = commits.schedule('a', 30)
    commits.schedule('b', 0)
    commits.rig.run(61)
    cancel()
    commits.rig.run(100)
    expect(commits.told).toEqual(['60 a', '90 b', '150 b'])
  })
})
