package import Ledger
internal import NodeCore
internal import Primitives

// Proofs of the state. The map that they come from is the replica's, at its newest executed block, so a proof is read
// there and given out once that block is final.
extension RoadbedNode {
  /// How long a proof waits for its block to become final.
  private static let proofPatience = Duration.seconds(2)

  /// The proof of what is under `key` after the newest executed block. Walks one path of the map on the replica's thread.
  package func tipProof(of key: StateKey) async throws -> TipProof { try await loop.prove(key) }

  /// Waits until the height of a proof is final here, two seconds at most. False if it is not by then.
  package func waitUntilFinal(_ tip: TipProof) async -> Bool {
    await publication.wait(for: tip.point.height, until: .now + Self.proofPatience)
  }

  /// The proof with the certificate of its block, which `waitUntilFinal` awaited. Nil if another block became final at
  /// that height, or if this node has no certificate that covers it.
  package func certified(_ tip: TipProof) async throws -> EntryProof? {
    let point = tip.point
    let block = try await certifiedBlock(at: point.height) {
      $0.block == point.block && $0.stateRoot == point.stateRoot
    }
    guard let block, let closings = closings(to: block) else { return nil }
    return EntryProof(state: tip.proof, block: block, closings: closings)
  }

  /// The closings that lead from genesis to the epoch of a proof; nil if one is missing here.
  func closings(to block: CertifiedBlock) -> Closings? {
    store.closings.closings(before: block.certificate.statement.epoch)
  }

  /// A final block with its proof, if its result is the one that is wanted. If this node's own proof is long, it first
  /// asks peers for a shorter one and waits briefly for the answer.
  func certifiedBlock(at height: Height, where isWanted: (BlockResult) -> Bool) async throws -> CertifiedBlock? {
    let headers = store.certified(from: height).map { Int($0.rawValue - height.rawValue) } ?? .max
    if headers > ProofFetcher.shortEnough, let shorter = await proofFetcher.proof(of: height, below: headers),
      isWanted(shorter.result)
    {
      return shorter
    }
    guard let proof = try store.proof(from: height), let first = proof.links.first, isWanted(first.result) else {
      return nil
    }
    return CertifiedBlock(
      header: first.header, result: first.result, descendants: proof.links.dropFirst().map(\.header),
      certificate: proof.finalization)
  }
}
