internal import BlockLog
package import Ledger
package import NodeCore
package import Primitives
internal import Replica

/// Reads the snapshots of a node from another process, without changing anything.
package struct SnapshotFolder: Sendable {
  /// One snapshot, and its fault, if any.
  package struct Finding: Sendable {
    package var height: Height
    /// Nil if not even its manifest can be read.
    package var facts: SnapshotFacts?
    package var fault: (any ExplainedError)?
  }

  /// A snapshot that is being fetched from peers.
  package struct UnderWay: Sendable {
    package var facts: SnapshotFacts
    /// The number of chunks fetched so far.
    package var chunksHere: Int
  }

  package let path: String
  let genesis: Genesis

  package init(path: String, genesis: Genesis) {
    self.path = path
    self.genesis = genesis
  }

  /// Nil if there is no such folder, because the node has not made a snapshot yet.
  private func shelf() throws(SnapshotFault) -> SnapshotStore<FileDisk>? {
    do throws(DiskError) {
      return SnapshotStore(try FileDisk(path: path, access: .readOnly), chain: genesis.chain)
    } catch {
      if error.cause == .missing { return nil }
      throw .file(.disk(error))
    }
  }

  /// Heights of complete snapshots, ascending.
  package func heights() throws(SnapshotFault) -> [Height] { try shelf()?.heights() ?? [] }

  /// Summaries of all complete snapshots, ascending by height. Their chunks are not checked.
  package func list() throws(SnapshotFault) -> [Finding] {
    guard let shelf = try shelf() else { return [] }
    var findings: [Finding] = []
    for height in try shelf.heights() {
      do throws(SnapshotFault) {
        findings.append(Finding(height: height, facts: SnapshotFacts(try shelf.open(height), chain: genesis.chain)))
      } catch {
        // The node may just have removed it.
        if case .file(.missing) = error { continue }
        findings.append(Finding(height: height, fault: error))
      }
    }
    return findings
  }

  /// The snapshot that the node is fetching, or was fetching when it stopped.
  package func underWay() throws(SnapshotFault) -> UnderWay? {
    do throws(SnapshotFault) {
      guard let stored = try shelf()?.underWay() else { return nil }
      return UnderWay(facts: SnapshotFacts(stored, chain: genesis.chain), chunksHere: stored.chunks.count)
    } catch {
      if case .file(.disk) = error { throw error }
      // Its first bytes are being written, or it has just been completed or discarded.
      return nil
    }
  }

  /// Checks a snapshot, trusting only genesis and the closings: its manifest, the signatures of the certificate, every chunk against the
  /// certified state root, and that a ledger can be loaded from it.
  package func verify(
    _ height: Height, _ closings: ClosingBook, threads: Int
  ) throws(SnapshotFault) -> Finding {
    guard let shelf = try shelf() else { throw .file(.missing(file: "\(path)/\(Self.file(of: height))")) }
    var finding = Finding(height: height)
    do throws(SnapshotFault) {
      let stored = try shelf.open(height)
      finding.facts = SnapshotFacts(stored, chain: genesis.chain)
      _ = try StateLoading.load(
        stored, of: try stored.validators(closings, genesis), genesis: genesis, threads: threads)
    } catch {
      switch error {
      case .file(.missing), .file(.disk): throw error
      default: finding.fault = error
      }
    }
    return finding
  }

  /// Loads the first sound snapshot of `heights`. Unsound ones before it are added to `unusable`.
  func firstSound(
    of heights: [Height], _ closings: ClosingBook, threads: Int, unusable: inout [Finding]
  ) throws(SnapshotFault) -> LoadedState? {
    guard let shelf = try shelf() else { return nil }
    for height in heights {
      do throws(SnapshotFault) {
        let stored = try shelf.open(height)
        return try StateLoading.load(
          stored, of: try stored.validators(closings, genesis), genesis: genesis, threads: threads)
      } catch {
        switch error {
        case .file(.missing): continue
        case .file(.disk): throw error
        default: unusable.append(Finding(height: height, fault: error))
        }
      }
    }
    return nil
  }

  static func file(of height: Height) -> String { SnapshotStore<FileDisk>.file(of: height) }
}
