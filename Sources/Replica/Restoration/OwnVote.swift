internal import Primitives

/// An own vote, as read from the log.
struct OwnVote {
  var vote: Vote
  var position: LogPosition
  var round: Round { vote.statement.round }
}
