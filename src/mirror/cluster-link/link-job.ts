// Work that a link's coordinator does again and again while it coordinates.

export interface LinkJob {
  takeUp(): void
  layDown(): void
}
