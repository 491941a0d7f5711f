internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica

extension FuzzTarget {
  /// The whole replica, with the inputs of a node in the simulation: unchanged, changed, in a different order, with
  /// different answers from its shell, and with votes of a lying validator.
  ///
  /// An input is a byte of choices and a list of steps. A step is a byte for its kind, followed by what it needs
  /// (`ReplicaRun.step`).
  static func replica(_ traffic: Traffic) -> FuzzTarget {
    var signatures: [[UInt8]: Signature] = [:]
    let key = traffic.genesis.validators[Int(Traffic.own.rawValue)].voteKey
    for item in traffic.genuine where item.key == key { signatures[item.message] = item.signature }
    let recorded = signatures
    let seeds: [[UInt8]] = [
      [0, 0, 255, 0, 255, 0, 255], [1, 0, 255, 0, 255], [0, 0, 120, 3, 0, 30, 0, 0, 255],
      [0, 0, 200, 2, 9, 1, 1, 4, 0, 7, 0, 100], [0, 0, 150, 5, 1, 0, 2, 5, 1, 0, 1, 0, 50],
      [2, 0, 255, 0, 100], [4, 0, 60, 8, 1, 7, 9, 0, 100], [8, 0, 255, 0, 255, 6, 1, 0, 50],
    ]
    return FuzzTarget("replica", byteLimit: 512, mutations: 40, seeds: seeds) { (bytes) throws(BrokenPromise) in
      var run = try ReplicaRun(traffic, FuzzInput(bytes), recorded)
      try run.go()
    }
  }
}
