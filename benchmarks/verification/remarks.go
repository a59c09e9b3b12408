package verification

import "fmt"

// Remarks returns sentences on what the figures do not show. They name no command.
func (s *Scores) Remarks() []string {
	if s == nil {
		return nil
	}
	var remarks []string
	remark := func(format string, args ...any) { remarks = append(remarks, fmt.Sprintf(format, args...)) }

	negatives, kind := s.Negatives, "negative"
	switch {
	case s.SampledPositives > 0:
		remark("%d of %d negative and %d of %d positive pairs were drawn: ranges are intervals of 95 %%, and thresholds have none", s.Sampled, s.Negatives, s.SampledPositives, s.Positives)
	case s.Sampled > 0:
		remark("%d of %d negative pairs were drawn: ranges are intervals of 95 %%, and thresholds have none", s.Sampled, s.Negatives)
	}
	if s.Sampled > 0 {
		negatives, kind = int64(s.Sampled), "drawn negative"
	}

	for _, far := range s.FARs {
		if far < 1/float64(negatives) {
			remark("a false accept rate of %g is less than one of the %d %s pairs: the true accept rate there is that without a false accept", far, negatives, kind)
		}
	}
	if s.NoOPIS != "" {
		remark("OPIS is undefined: %s", s.NoOPIS)
	}
	if s.OPIS != nil && s.OPIS.Left > 0 {
		remark("OPIS leaves out %d classes without a positive or without a negative pair", s.OPIS.Left)
	}
	return remarks
}
