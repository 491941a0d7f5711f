internal import BlockLog
internal import Ledger
internal import Primitives
internal import Replica
internal import Signers

extension FuzzTarget {
  /// What nodes and signers send each other, and what a signer reads from its disk.
  static func signerTargets() -> [FuzzTarget] {
    let requests: [SignerRequest] = [
      .hello(SignerHello(.node, chain, description: "node a")), .read, .sign(nullify, key: key),
      .generate, .complete(key), .succeed(by: key), .finalized(nullify.round), .ready, .transaction([1, 2, 3]),
    ]
    let answers: [SignerAnswer] = [
      .welcome(key), .keys(HeldKeys(key, next: key), said: [nullify]), .key(key), .done, .undestroyed("denied"),
      .refused(.inUse(by: "node a")), .refused(.conflict(with: nullify)), .refused(.disk("full")),
    ]
    return [
      codec("signer-request", byteLimit: 1024, seeds: requests.map(\.bytes)) { bytes in
        try SignerRequest(bytes)
      } encode: { request in
        request.bytes
      },
      codec("signer-answer", byteLimit: 1024, seeds: answers.map(\.bytes)) { bytes in
        try SignerAnswer(bytes)
      } encode: { answer in
        answer.bytes
      },
      FuzzTarget("signer-guard", byteLimit: 1024, seeds: guardFiles()) { (bytes) throws(BrokenPromise) in
        try openTwice(bytes)
      },
    ]
  }

  private static let chain = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4))
  private static let key = PublicKey(prefix: 2, body: Digest(7, 0, 0, 0))
  private static let nullify = Statement.nullify(epoch: .first, view: View(3))

  /// The files of a guard with no, one and three statements.
  private static func guardFiles() -> [[UInt8]] {
    [0, 1, 3].compactMap { count in
      let disk = MemoryDisk()
      guard let memory = try? SignerGuard.open(disk, chain: chain, leastSlots: 4).memory else { return nil }
      for view in 0..<UInt64(count) { try? memory.admit(.nullify(epoch: .first, view: View(view + 1))) }
      return disk.contents(of: SignerGuard<MemoryDisk>.file)
    }
  }

  /// A file that is accepted says the same when it is opened again, and nothing is signed that contradicts it.
  private static func openTwice(_ bytes: [UInt8]) throws(BrokenPromise) {
    let disk = MemoryDisk()
    disk.replaceContents(of: SignerGuard<MemoryDisk>.file, with: bytes)
    guard let first = try attempt({ try SignerGuard.open(disk, chain: chain).memory }) else { return }
    guard let second = try attempt({ try SignerGuard.open(disk, chain: chain).memory }) else {
      throw BrokenPromise("a file that was accepted is refused when it is opened again")
    }
    try promise(
      first.statements == second.statements && first.floor == second.floor, "the second opening reads something else")
    for statement in second.statements {
      guard case .notarize(var proposal) = statement else { continue }
      proposal.block = Digest(0xF, 0, 0, 1)
      let isRefused = (try? second.admit(.notarize(proposal))) == nil
      try promise(isRefused || .notarize(proposal) == statement, "\(statement) is contradicted")
    }
  }
}
