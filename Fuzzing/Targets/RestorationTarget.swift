internal import Primitives
internal import Replica

extension FuzzTarget {
  /// A replica's state from a log whose checksums all hold: a sound log with records left out, changed, moved, or of
  /// the input itself.
  ///
  /// An input is a list of steps: a byte that says which, then what the step needs (`RestorationRun.step`).
  static func restoration(_ traffic: Traffic) -> FuzzTarget {
    let votes = traffic.payloads(.vote)
    let seeds: [[UInt8]] = [
      [0, 255], [0, 20, 1, 1, 0, 30], [0, 40, 2, 60, 0, 1, 5, 0, 1, 0, 100], [0, 255, 0, 255, 4, 30, 0, 0, 40],
      [0, 10, 3, LogEntryKind.vote.rawValue, UInt8(votes.first?.count ?? 0)] + (votes.first ?? []) + [0, 255],
      [0, 100, 3, LogEntryKind.votingBar.rawValue, 8, 9, 0, 0, 0, 0, 0, 0, 0],
    ]
    return FuzzTarget("restoration", byteLimit: 1024, mutations: 60, seeds: seeds) { (bytes) throws(BrokenPromise) in
      let run = try RestorationRun(traffic, FuzzInput(bytes))
      try run.go()
    }
  }
}
