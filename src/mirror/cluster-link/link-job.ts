// Models: work that a link's coordinator does again and again while it coordinates.
// Leaves out: nothing; the jobs are the files mirror-*.ts that implement it.
// Source: Confluent's docs describe them as periodic; the interface is our own.

export interface LinkJob {
  takeUp(): void
  layDown(): void
}
