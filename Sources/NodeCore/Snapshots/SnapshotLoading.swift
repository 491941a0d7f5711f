internal import Cryptography
package import Ledger
internal import Primitives
package import Replica

/// Builds a state from a stored snapshot.
package enum SnapshotLoading {
  /// - Parameter chunks: the chunks of this manifest, whose proof was verified.
  package static func load(
    _ manifest: SnapshotManifest, genesis: Genesis, from chunks: inout some SnapshotChunks & ~Copyable
  ) throws(SnapshotFault) -> LoadedState {
    var loader = SnapshotLoader(manifest, genesis: genesis)
    while let chunk = try chunks.next() {
      do throws(SnapshotError) {
        try loader.add(chunk)
      } catch {
        throw .content(error)
      }
    }
    do throws(SnapshotError) {
      return LoadedState(ledger: try loader.finish(), proof: manifest.proof)
    } catch {
      throw .content(error)
    }
  }
}
