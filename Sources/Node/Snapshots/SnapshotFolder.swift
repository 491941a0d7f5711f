internal import BlockLog
package import Ledger
package import NodeCore
package import Primitives
internal import Replica

/// A node's snapshots, looked at beside the node: nothing is changed.
package struct SnapshotFolder: Sendable {
  /// One snapshot, and what is wrong with it.
  package struct Finding: Sendable {
    package var height: Height
    /// Nil if not even its manifest can be read.
    package var facts: SnapshotFacts?
    package var fault: (any ExplainedError)?
  }

  /// A snapshot that is being fetched from peers.
  package struct UnderWay: Sendable {
    package var facts: SnapshotFacts
    /// Chunks that are here.
    package var chunksHere: Int
  }

  package let path: String
  private let genesis: Genesis

  package init(path: String, genesis: Genesis) {
    self.path = path
    self.genesis = genesis
  }

  /// Nil if there is no such folder: the node has not made a snapshot yet.
  private func shelf() throws(SnapshotFault) -> SnapshotStore<FileDisk>? {
    do throws(DiskError) {
      return SnapshotStore(try FileDisk(path: path, access: .readOnly), chain: genesis.chain)
    } catch {
      if error.cause == .missing { return nil }
      throw .file(.disk(error))
    }
  }

  /// Heights of whole snapshots, ascending.
  package func heights() throws(SnapshotFault) -> [Height] { try shelf()?.heights() ?? [] }

  /// What each whole snapshot says about itself, ascending by height. Its chunks are not looked at.
  package func list() throws(SnapshotFault) -> [Finding] {
    guard let shelf = try shelf() else { return [] }
    var findings: [Finding] = []
    for height in try shelf.heights() {
      do throws(SnapshotFault) {
        findings.append(Finding(height: height, facts: SnapshotFacts(try shelf.open(height), chain: genesis.chain)))
      } catch {
        // The node may have removed it just now.
        if case .file(.missing) = error { continue }
        findings.append(Finding(height: height, fault: error))
      }
    }
    return findings
  }

  /// The snapshot that the node is fetching, or was when it stopped.
  package func underWay() throws(SnapshotFault) -> UnderWay? {
    do throws(SnapshotFault) {
      guard let stored = try shelf()?.underWay() else { return nil }
      return UnderWay(facts: SnapshotFacts(stored, chain: genesis.chain), chunksHere: stored.chunks.count)
    } catch {
      if case .file(.disk) = error { throw error }
      // Its first bytes are being written, or it was completed or thrown away just now.
      return nil
    }
  }

  /// Checks a snapshot with nothing but genesis: its manifest, the certificate's signatures, every chunk against the
  /// certified state root, and that a ledger can be made of it.
  package func verify(_ height: Height, threads: Int) throws(SnapshotFault) -> Finding {
    guard let shelf = try shelf() else { throw .file(.missing(file: "\(path)/\(Self.file(of: height))")) }
    var finding = Finding(height: height)
    do throws(SnapshotFault) {
      let stored = try shelf.open(height)
      finding.facts = SnapshotFacts(stored, chain: genesis.chain)
      _ = try StateLoading.load(stored, genesis: genesis, threads: threads)
    } catch {
      switch error {
      case .file(.missing), .file(.disk): throw error
      default: finding.fault = error
      }
    }
    return finding
  }

  /// The state of the first of `heights` whose snapshot is sound. The others before it are named in `unusable`.
  func firstSound(
    of heights: [Height], threads: Int, unusable: inout [Finding]
  ) throws(SnapshotFault) -> LoadedState? {
    guard let shelf = try shelf() else { return nil }
    for height in heights {
      do throws(SnapshotFault) {
        return try StateLoading.load(try shelf.open(height), genesis: genesis, threads: threads)
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
