import { describe, expect, it } from 'vitest'
import { millis, seconds } from '../../src/sim/time.ts'
import { TwoSites } from './two-sites.ts'

it('hands an empty message to the program, as it does any other', () => {
  const sites = new TwoSites()
  const socket = sites.connect()
  sites.at(millis(51), () => socket.send('nothing', 0))
  sites.run(seconds(1))
  expect(sites.heardByServer).toEqual([{ at: millis(76), message: 'nothing' }])
})

describe('a connection attempt', () => {
  it('takes one round trip for the client and half of one more for the server', () => {
    const sites = new TwoSites()
    const socket = sites.connect()
    sites.at(millis(51), () => socket.send('first', 10))
    sites.run(seconds(1))
    expect(sites.clientSays).toEqual(['open at 50'])
    expect(sites.serverSays).toEqual(['open at 75'])
    expect(sites.heardByServer).toEqual([{ at: millis(76), message: 'first' }])
  })

  it('is refused after one round trip where nobody listens', () => {
    const sites = new TwoSites()
    sites.server.crash()
    sites.connect()
    sites.run(seconds(1))
    expect(sites.clientSays).toEqual(['refused at 50'])
  })

  it('is refused by a process that has booted but does not listen yet', () => {
    const sites = new TwoSites()
    sites.server.crash()
    sites.server.onBoot = null
    sites.server.start()
    sites.run(millis(1))
    sites.connect()
    sites.run(seconds(1))
    expect(sites.clientSays).toEqual(['refused at 51'])
  })

  it.each([
    [0.9, 1.024],
    [1.1, 2.048],
    [3.1, 4.096],
    [4.1, 5.12],
    [5.2, 7.136],
    [7.2, 11.264],
    [11.3, 19.456],
    [19.5, 35.584],
    [35.6, 69.632],
  ])('into a black hole that heals after %f s succeeds with the SYN of second %f', (heal, syn) => {
    const sites = new TwoSites()
    const undo = sites.cut()
    sites.connect()
    sites.at(seconds(heal), undo)
    sites.run(seconds(200))
    expect(sites.clientSays).toEqual([`open at ${Math.round(syn * 1_000) + 50}`])
  })

  it('into a black hole for good hears nothing for two minutes, then gives up', () => {
    const sites = new TwoSites()
    sites.server.host.powerLoss()
    sites.connect()
    sites.run(seconds(130))
    expect(sites.clientSays).toEqual([])
    sites.run(seconds(136))
    expect(sites.clientSays).toEqual(['reset at 135168'])
    expect(sites.world.scheduler.pending).toBe(0)
  })

  it('that the client closes is never heard of again', () => {
    const sites = new TwoSites()
    const undo = sites.cut()
    const socket = sites.connect()
    sites.at(seconds(2), () => socket.close())
    sites.at(seconds(2), undo)
    sites.run(seconds(60))
    expect([sites.clientSays, sites.serverSays]).toEqual([[], []])
  })

  it('to a paused process succeeds: its kernel answers, the program hears on resume', () => {
    const sites = new TwoSites()
    sites.server.pause()
    const socket = sites.connected()
    socket.send('a', 10)
    socket.send('b', 10)
    sites.run(seconds(5))
    expect([sites.clientSays, sites.serverSays]).toEqual([['open at 50'], []])
    sites.server.resume()
    sites.run(seconds(6))
    expect(sites.serverSays).toEqual(['open at 5000'])
    expect(sites.heardByServer.map((r) => r.message)).toEqual(['a', 'b'])
  })
})

describe('the end of a connection', () => {
  it('comes as a reset half a round trip after a crash', () => {
    const sites = new TwoSites()
    sites.connected()
    sites.server.crash()
    sites.run(seconds(1))
    expect(sites.clientSays).toEqual(['open at 50', 'reset at 125'])
  })

  it('comes in order, behind the data, when a process exits', () => {
    const sites = new TwoSites()
    sites.connected()
    const socket = sites.serverSockets[0]
    socket?.send('last words', 500_000)
    sites.server.exit()
    sites.run(seconds(5))
    expect(sites.heardByClient.map((r) => r.message)).toEqual(['last words'])
    expect(sites.clientSays.map((s) => s.split(' ')[0])).toEqual(['open', 'closed'])
  })

  it('of a host is silent; the client learns only if it sends after the host is back', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    sites.server.host.powerLoss()
    sites.run(seconds(10))
    expect(sites.clientSays).toEqual(['open at 50'])
    sites.server.host.powerOn()
    sites.server.start()
    sites.run(seconds(20))
    expect(sites.clientSays).toEqual(['open at 50'])
    socket.send('still there?', 10)
    sites.run(seconds(21))
    expect(sites.clientSays).toEqual(['open at 50', 'reset at 20050'])
  })

  it('behind a cut is learned from the reset that answers a retry after the heal', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    const undo = sites.cut()
    sites.server.crash()
    sites.server.start()
    socket.send('lost', 10)
    sites.at(seconds(1), undo)
    sites.run(seconds(10))
    // Tried again at 0.38, 0.64 and 1.15 s; the third one meets the new process.
    expect(sites.clientSays).toEqual(['open at 50', 'reset at 1202'])
    expect(sites.heardByServer).toEqual([])
  })

  it('is felt by data in flight when the peer died behind a cut', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    socket.send('in flight', 10)
    sites.at(millis(110), () => {
      const undo = sites.cut()
      sites.server.crash()
      sites.at(millis(200), undo)
    })
    sites.run(seconds(10))
    // Sent at 100 ms, so tried again at 384 ms, a slot of 32 ms after the time-out, and answered.
    expect(sites.clientSays).toEqual(['open at 50', 'reset at 434'])
  })

  it('silences a crashed side and frees everything', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    sites.serverSockets[0]?.send('to a dead man', 10)
    sites.client.crash()
    socket.send('from a dead man', 10)
    sites.run(seconds(5))
    expect(sites.heardByClient).toEqual([])
    expect(sites.heardByServer).toEqual([])
    expect(sites.serverSays).toEqual(['open at 75', 'reset at 125'])
    expect(sites.world.scheduler.pending).toBe(0)
    expect(sites.server.resources.size).toBe(0)
  })

  it('is given up after fifteen retries, about fifteen minutes, of silence', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    sites.cut()
    socket.send('into the dark', 10)
    sites.run(seconds(900))
    expect(sites.clientSays).toEqual(['open at 50'])
    sites.run(seconds(1_200))
    expect(sites.clientSays).toHaveLength(2)
    expect(sites.clientSays[1]).toMatch(/^reset at 9\d{5}/)
  })
})
