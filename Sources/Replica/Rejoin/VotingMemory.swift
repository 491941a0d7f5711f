internal import Primitives

/// What a node's log knows of the votes of its keys, which decides whether the node may vote (protocol rules R30, R32, R46).
struct VotingMemory {
  /// The key that names the log's writer, and how much of its votes the log has.
  private let writer: PublicKey?
  private var votes: OwnKey.Votes
  /// The other keys.
  private(set) var keys: OwnKeys
  private var bar: VotingBar?

  init(writer: PublicKey?, votes: OwnKey.Votes, keys: OwnKeys, bar: VotingBar?) {
    self.writer = writer
    self.votes = votes
    self.keys = keys
    self.bar = bar
  }

  /// Whether the node must listen before it votes with a key in an epoch.
  func mustListen(with key: PublicKey?, in epoch: Epoch) -> Bool {
    if Mutation.trustEveryKey.isOn { return false }
    return switch key == writer ? votes : key.flatMap({ keys[$0] }) ?? .lost {
    case .complete: false
    case .lost: true
    case .barred: !(bar?.serves(epoch) ?? false)
    }
  }

  mutating func take(_ key: OwnKey) { keys.take(key) }

  mutating func loseVotes() {
    votes = .lost
    keys.loseVotes()
  }

  /// Takes over a bar: what may be missing of any key is at or below it.
  mutating func take(_ bar: VotingBar) {
    self.bar = bar
    if votes == .lost { votes = .barred }
    keys.takeBar()
  }

  mutating func committed(_ commit: Commit) { bar?.take(commit) }
}
