package import BlockLog
internal import Ledger
internal import Primitives
package import Replica

/// Reads from this node's log and snapshots what peers ask for.
package struct Responder<Storage: Disk> {
  package enum Answer: Sendable {
    case message(PeerMessage)
    /// There is nothing to answer; the peer asks another node.
    case nothing
    /// A block that is final for the replica may become readable a moment later; to be tried again a limited number of
    /// times.
    case notYet
  }

  /// How often `notYet` is tried again, and the pause between two tries in microseconds.
  package static var tries: Int { 20 }
  package static var pause: UInt64 { 2000 }

  private let snapshots: SnapshotStore<Storage>
  /// The snapshot that was last asked for. It stays open because its chunks are requested one by one.
  private var current: StoredSnapshot<Storage>?

  package init(_ snapshots: SnapshotStore<Storage>) { self.snapshots = snapshots }

  /// - Parameter isLastTry: answer with what is there now, never with `notYet`.
  package mutating func answer(
    _ request: PeerRequest, from chain: some ChainSource, isLastTry: Bool
  ) throws(ResponderError) -> Answer {
    if case .range(let request) = request, !isLastTry, chain.height < request.from { return .notYet }
    do throws(ResponderError) {
      let message: PeerMessage? =
        switch request {
        case .range(let request): try range(request.from, chain)
        case .snapshot(.manifest(_, let above)): try manifest(above: above)
        case .snapshot(.chunk(_, let height, let index)): try chunk(index, of: height)
        case .final(_, let height): .final(height, try finalRecord(at: height, chain))
        }
      return message.map { .message($0) } ?? .nothing
    } catch {
      current = nil
      throw error
    }
  }

  private func range(_ from: Height, _ chain: some ChainSource) throws(ResponderError) -> PeerMessage? {
    do throws(ChainStoreError) {
      let first = Mutation.serveNextBlock.isOn ? from.next ?? from : from
      if let range = try chain.range(from: first) { return .range(range) }
    } catch {
      throw .chain(error)
    }
    // If the blocks were pruned here, the peer, whose last block is the one before, must continue from a later state.
    guard from > .genesis, from <= chain.base else { return nil }
    return try manifest(above: Height(from.rawValue - 1))
  }

  private func finalRecord(at height: Height, _ chain: some ChainSource) throws(ResponderError) -> [UInt8] {
    do throws(ChainStoreError) {
      return try chain.finalRecord(at: height) ?? []
    } catch {
      throw .chain(error)
    }
  }

  private func manifest(above height: Height) throws(ResponderError) -> PeerMessage? {
    do throws(SnapshotFault) {
      guard let newest = try snapshots.heights().last, newest > height else { return nil }
      return .snapshot(try snapshots.open(newest).manifestBytes)
    } catch {
      throw .snapshot(error)
    }
  }

  private mutating func chunk(_ index: Int, of height: Height) throws(ResponderError) -> PeerMessage {
    do throws(SnapshotFault) {
      if current?.manifest.height != height {
        current = try snapshots.heights().contains(height) ? try snapshots.open(height) : nil
      }
      guard let current, current.contains(index) else {
        return .chunk(height, index: UInt32(clamping: index), bytes: [])
      }
      return .chunk(height, index: UInt32(index), bytes: try current.chunk(index))
    } catch {
      throw .snapshot(error)
    }
  }
}
