import { GROUPS } from './groups.ts'
import { describePlays } from './plays-as-it-says.ts'

describePlays(GROUPS.topologies)
