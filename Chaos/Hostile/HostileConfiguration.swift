/// What the run tells the process of the hostile validator.
struct HostileConfiguration: Codable, Sendable {
  /// The number of the node whose keys it uses.
  var number: Int
  /// That node's directory.
  var directory: String
  var genesis: String
  /// The addresses at which the nodes listen for peers, in the order of their numbers.
  var addresses: [String]
  var seed: UInt64
  /// Where it writes its figures.
  var figures: String
}
