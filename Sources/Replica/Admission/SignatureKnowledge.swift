/// What this node knows about the signatures of exactly these bytes of a transaction.
enum SignatureKnowledge: Equatable {
  case verified
  case underCheck(Ticket)
  case unknown
}
