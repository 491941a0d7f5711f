internal import Primitives

/// Code that reads bytes of strangers, what it promises about them, and where an honest input looks like.
///
/// `run` must not trap, whatever the bytes are, and throws `BrokenPromise` if something else is wrong. The same bytes
/// always do the same.
package struct FuzzTarget: Sendable {
  package let name: String
  /// The longest input that is worth trying, in bytes.
  package let byteLimit: Int
  /// How many changed inputs the tests try: fewer where one is dear.
  package let mutations: Int
  /// Honest inputs.
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

  /// A format in which a value has one encoding: what is decoded must be encoded to the same bytes, and what is refused
  /// must be explained.
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

  /// The same, for what is read with a `Reader` and written with a `Writer`.
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

  /// The value, or nil if it is refused: then the refusal's texts are made, too, because they carry hostile values.
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
