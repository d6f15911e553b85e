// The entry of a worker thread: runs the jobs that its pool sends, one after the other.

import { parentPort } from 'node:worker_threads'
import { execute, type Job } from './job.ts'

parentPort?.on('message', (job: Job) => parentPort?.postMessage(execute(job)))
