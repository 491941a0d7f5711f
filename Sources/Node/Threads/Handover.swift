/// Moves a noncopyable value to the one thread that will own it.
///
/// `Sendable` is unchecked, because ownership makes it safe: `take` is called once, on the thread of the new owner, and
/// nothing else keeps access to the value.
final class Handover<Value: ~Copyable>: @unchecked Sendable {
  private var value: Value?

  init(_ value: consuming Value) { self.value = consume value }

  func take() -> Value {
    guard let value = value.take() else { preconditionFailure("a value that was handed over was taken twice") }
    return value
  }
}
