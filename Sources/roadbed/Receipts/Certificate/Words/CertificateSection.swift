/// The sections of a certificate page, in their order.
enum CertificateSection: CaseIterable {
  case operations
  case signatures
  case place
  case confirmation
  case epochs
  case digests
  case verification
  case about
}
