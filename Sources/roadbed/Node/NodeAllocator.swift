import Foundation

/// How a node's process holds on to freed memory.
enum NodeAllocator {
  /// Heaps that the threads share. By default the C library gives each of a dozen threads its own, and each holds on to the
  /// memory freed in it.
  private static let heaps: Int32 = 4
  /// Buffers of this size come from the system and return to it at once. By default, once a buffer of some megabytes has been
  /// freed, all later ones are part of a heap, which then seldom shrinks.
  private static let largeBytes: Int32 = 1 << 20

  /// Call this before threads start. glibc only; elsewhere the defaults apply.
  static func prepare() {
    #if canImport(Glibc)
      // Swift's module of the C library omits <malloc.h>. The numbers are its M_ARENA_MAX and M_MMAP_THRESHOLD.
      typealias Option = @convention(c) (Int32, Int32) -> Int32
      guard let symbol = dlsym(nil, "mallopt") else { return }
      let option = unsafeBitCast(symbol, to: Option.self)
      _ = option(-8, heaps)
      _ = option(-3, largeBytes)
    #endif
  }
}
