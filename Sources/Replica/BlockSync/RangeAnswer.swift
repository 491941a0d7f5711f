internal import Primitives

/// An answer to a question for a range, as far as it tells how good the peer is.
struct RangeAnswer {
  /// The height from which on blocks were asked for.
  var from: Height
  /// Microseconds from the question to the answer.
  var elapsed: UInt64
  /// Whether it came before other peers were asked because of its delay.
  var isTimely: Bool
  /// Whether the peer owes no further answer, so that this one cannot be that to an earlier question.
  var isLast: Bool
}
