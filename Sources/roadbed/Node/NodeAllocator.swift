import Foundation

/// How a node's process keeps memory that it gave back.
enum NodeAllocator {
  /// Heaps that threads share. The C library would give each of a dozen threads its own, and each keeps what it freed.
  private static let heaps: Int32 = 4
  /// Buffers of this size come from the system and go back to it at once. By default the first freed buffer of some
  /// megabytes makes all later ones part of a heap, which then seldom shrinks.
  private static let largeBytes: Int32 = 1 << 20

  /// To be called before threads start. glibc only; elsewhere the defaults stay.
  static func prepare() {
    #if canImport(Glibc)
      // Swift's module of the C library leaves <malloc.h> out. The numbers are its M_ARENA_MAX and M_MMAP_THRESHOLD.
      typealias Option = @convention(c) (Int32, Int32) -> Int32
      guard let symbol = dlsym(nil, "mallopt") else { return }
      let option = unsafeBitCast(symbol, to: Option.self)
      _ = option(-8, heaps)
      _ = option(-3, largeBytes)
    #endif
  }
}
