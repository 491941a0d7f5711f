internal import Primitives

/// A vote that was put aside, with the peer that sent it.
struct SentVote: Equatable {
  var vote: Vote
  var peer: PeerID
}
