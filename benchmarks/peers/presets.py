"""Our presets and what they are in pytorch-metric-learning, p: a loss and perhaps a miner.

Value and gradient are to agree, but for what plan.py notes.
"""

PRESETS = {
    "contrastive.pml": lambda p: (p.losses.ContrastiveLoss(),),
    "contrastive.pml_cosine": lambda p: (p.losses.ContrastiveLoss(pos_margin=1, neg_margin=0, distance=p.distances.CosineSimilarity()),),
    "margin.pml": lambda p: (p.losses.MarginLoss(),),
    "snr_contrastive.pml": lambda p: (p.losses.SignalToNoiseRatioContrastiveLoss(),),
    "tcm.pml": lambda p: (p.losses.ThresholdConsistentMarginLoss(),),
    "triplet.gpw": lambda p: (p.losses.TripletMarginLoss(margin=0.1, distance=p.distances.CosineSimilarity(), reducer=p.reducers.MeanReducer()),),
    "triplet.facenet": lambda p: (p.losses.TripletMarginLoss(margin=0.2, distance=p.distances.LpDistance(power=2)),),
    "triplet.pml": lambda p: (p.losses.TripletMarginLoss(),),
    "triplet.semihard": lambda p: (p.losses.TripletMarginLoss(margin=0.2),
                                  p.miners.TripletMarginMiner(margin=0.2, type_of_triplets="semihard")),
    "triplet.hard": lambda p: (p.losses.TripletMarginLoss(margin=0.2), p.miners.TripletMarginMiner(margin=0.2, type_of_triplets="hard")),
    "triplet.soft": lambda p: (p.losses.TripletMarginLoss(margin=0, smooth_loss=True),),
    "triplet_swap.pml": lambda p: (p.losses.TripletMarginLoss(swap=True),),
    "batch_hard.margin": lambda p: (p.losses.TripletMarginLoss(margin=0.2, reducer=p.reducers.MeanReducer()), p.miners.BatchHardMiner()),
    "triplet_angular.pml": lambda p: (p.losses.TripletMarginLoss(), p.miners.AngularMiner(angle=20)),
    "dynamic_soft_margin.batch": lambda p: (p.losses.DynamicSoftMarginLoss(),),
    "nca.log": lambda p: (p.losses.NCALoss(),),
    "lifted_2016.song": lambda p: (p.losses.LiftedStructureLoss(),),
    "lifted_generalized.hermans": lambda p: (p.losses.GeneralizedLiftedStructureLoss(),),
    "npairs_mc.one_per_class": lambda p: (p.losses.NPairsLoss(),),
    "angular.pml": lambda p: (p.losses.AngularLoss(),),
    "nt_xent.pml": lambda p: (p.losses.NTXentLoss(),),
    "tuplet_margin.pml": lambda p: (p.losses.TupletMarginLoss(),),
    "intra_pair_variance.pml": lambda p: (p.losses.IntraPairVarianceLoss(),),
    "supcon.pml": lambda p: (p.losses.SupConLoss(),),
    "circle.pml": lambda p: (p.losses.CircleLoss(),),
    "multi_similarity.weighting": lambda p: (p.losses.MultiSimilarityLoss(alpha=2, beta=40, base=0.5),),
    "multi_similarity.pml": lambda p: (p.losses.MultiSimilarityLoss(alpha=2, beta=50, base=0.5),
                                  p.miners.MultiSimilarityMiner(epsilon=0.1)),
    "histogram.bins100": lambda p: (p.losses.HistogramLoss(n_bins=100),),
    "ranked_list.common": lambda p: (p.losses.RankedListLoss(margin=0.4, Tn=10, Tp=0, imbalance=0.5, alpha=1.2),),
    "fastap.bins10": lambda p: (p.losses.FastAPLoss(num_bins=10),),
    "smooth_ap.paper": lambda p: (p.losses.SmoothAPLoss(temperature=0.01),),
    "pnp.o": lambda p: (p.losses.PNPLoss(),),
}

# What keeps the graph of one call for the next, which fails by it, and is made anew for every call.
ONCE = {"dynamic_soft_margin.batch"}
