/// Moves a value that cannot be copied to the one thread that will own it.
///
/// Unchecked, because ownership is what makes it safe: `take` is called once, on the new owner's thread,
/// and nobody else keeps a way to the value.
final class Handover<Value: ~Copyable>: @unchecked Sendable {
  private var value: Value?

  init(_ value: consuming Value) { self.value = consume value }

  func take() -> Value {
    guard let value = value.take() else { preconditionFailure("a value was handed over twice") }
    return value
  }
}
