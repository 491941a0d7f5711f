internal import Primitives

/// Code that reads untrusted bytes, what it promises about them, and examples of honest inputs.
///
/// `run` must not trap, whatever the bytes are, and throws `BrokenPromise` if something else is wrong. The same bytes
/// always have the same effect.
package struct FuzzTarget: Sendable {
  package let name: String
  /// The length of the longest input worth trying, in bytes.
  package let byteLimit: Int
  /// How many mutated inputs the tests try; fewer for slow targets.
  package let mutations: Int
  /// Examples of honest inputs.
  package let seeds: [[UInt8]]
  package let run: @Sendable ([UInt8]) throws(BrokenPromise) -> Void

  init(
    _ name: String, byteLimit: Int = 4096, mutations: Int = 2000, seeds: [[UInt8]],
    run: @escaping @Sendable ([UInt8]) throws(BrokenPromise) -> Void
  ) {
    self.name = name
    self.byteLimit = byteLimit
    self.mutations = mutations
    self.seeds = seeds.filter { $0.count <= byteLimit }
    self.run = run
  }

  /// A format in which each value has one encoding: decoded values must encode to the same bytes, and refusals must be
  /// explained.
  static func codec<Value>(
    _ name: String, byteLimit: Int = 4096, seeds: [[UInt8]],
    decode: @escaping @Sendable ([UInt8]) throws -> Value,
    encode: @escaping @Sendable (Value) throws -> [UInt8]
  ) -> FuzzTarget {
    FuzzTarget(name, byteLimit: byteLimit, seeds: seeds) { (bytes) throws(BrokenPromise) in
      guard let value = try attempt({ try decode(bytes) }) else { return }
      guard let again = try attempt({ try encode(value) }) else {
        throw BrokenPromise("what was decoded cannot be encoded: \(value)")
      }
      try promise(
        again == bytes, "\(value) was decoded from \(Hex.encode(bytes)), and is encoded as \(Hex.encode(again))")
    }
  }

  /// Like `codec`, for values that a `Reader` reads and a `Writer` writes.
  static func field<Value>(
    _ name: String, byteLimit: Int = 4096, seeds: [[UInt8]],
    decode: @escaping @Sendable (inout Reader) throws(CodecError) -> Value,
    encode: @escaping @Sendable (Value, inout Writer) -> Void
  ) -> FuzzTarget {
    codec(name, byteLimit: byteLimit, seeds: seeds) { bytes in
      try Reader.whole(bytes, decode)
    } encode: { value in
      FuzzTarget.bytes { writer in encode(value, &writer) }
    }
  }

  /// Returns the value, or nil if it is refused. Renders the texts of a refusal as well, because they contain hostile
  /// values.
  static func attempt<Value>(_ body: () throws -> Value) throws(BrokenPromise) -> Value? {
    do {
      return try body()
    } catch let error as any ExplainedError {
      try promise(
        !error.code.isEmpty && !error.explanation.isEmpty && !error.nextStep.isEmpty, "\(error) is not explained")
      return nil
    } catch {
      return nil
    }
  }

  static func bytes(_ write: (inout Writer) -> Void) -> [UInt8] {
    var writer = Writer()
    write(&writer)
    return writer.bytes
  }
}
