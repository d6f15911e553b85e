import { parentPort } from 'node:worker_threads'
import { type ObservationRequest, observe } from './observed-run.ts'

parentPort?.on('message', (request: ObservationRequest) => {
  parentPort?.postMessage(observe(request))
})
