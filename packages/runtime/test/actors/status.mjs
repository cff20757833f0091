import { inbox } from '@emilua/runtime'

process.exit(await inbox.receive())
