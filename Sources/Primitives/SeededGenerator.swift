/// A deterministic random source (xoshiro256**, Blackman and Vigna 2018; seeded by splitmix64).
///
/// For jitter, simulations and tests; never for keys. `fork` derives an independent stream from a label, so that an
/// additional draw in one component does not shift the numbers of another.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  public init(seed: UInt64) {
    var splitmix = seed
    func next() -> UInt64 {
      splitmix &+= 0x9E37_79B9_7F4A_7C15
      var mixed = splitmix
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
    state = (next(), next(), next(), next())
  }

  public mutating func next() -> UInt64 {
    let result = Self.rotate(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Self.rotate(state.3, 45)
    return result
  }

  /// An independent generator for the component called `label`. Does not advance this generator.
  public func fork(_ label: String) -> SeededGenerator {
    // FNV-1a of the label, mixed with the parent's state.
    var mixed: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in label.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return SeededGenerator(seed: mixed ^ state.0 ^ Self.rotate(state.2, 23))
  }

  private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
    (value << count) | (value >> (64 - count))
  }
}
