//! What is promised for deliveries, and its payment.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, ensure,
    storage::with_storage_layer,
    traits::{
        Get,
        fungible::{Mutate, MutateHold},
        tokens::{Fortitude, Precision, Restriction},
    },
    weights::Weight,
};
use pallet_data_bus::EthereumClock;
use pallet_outbox::{OnMessage, Outbox};
use scale_info::TypeInfo;
use sp_runtime::{
    DispatchError, DispatchResult,
    traits::{Convert, Saturating, Zero},
};
use weft_primitives::{GatewayEvent, GatewayId, GraphId, H256, Message, MessageReward};

use crate::{
    AccountOf, BalanceOf, Config, Error, Event, HoldReason, Keysets, NewestSet, PaidHandovers, Pallet,
    ReceiptEvidence, Registered, RewardOf, Rewards, Sponsors, WeightInfo,
};

/// Most payers that any runtime can allow.
const MAX_PAYERS: u32 = 16;

/// Who pays for the deliveries of a zkGraph's messages.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Sponsor<AccountId, Balance> {
    /// The account.
    pub account: AccountId,
    /// The gateway whose deliveries it pays.
    pub gateway: GatewayId,
    /// What it has set aside for messages to come.
    pub purse: Balance,
    /// What each message pays.
    pub reward: Balance,
}

/// What is promised to whoever delivers a message.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Reward<AccountId, Balance> {
    /// Who pays how much. No account is there twice.
    pub payers: BoundedVec<(AccountId, Balance), frame_support::traits::ConstU32<MAX_PAYERS>>,
    /// Slot of Ethereum, by the chain's clock, from which it can be taken back.
    pub until: u64,
}

/// A gateway that root answers for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Registration<Balance> {
    /// What a handover pays.
    pub handover: Balance,
    /// The first validator set whose handover is paid.
    pub from: u64,
}

impl<AccountId, Balance: Saturating + Zero + Copy> Reward<AccountId, Balance> {
    /// What all promise together.
    pub fn total(&self) -> Balance {
        let amounts = self.payers.iter().map(|(_, amount)| *amount);
        amounts.fold(Balance::zero(), Saturating::saturating_add)
    }
}

impl<T: Config> Pallet<T> {
    /// What is promised for a message, at each gateway.
    pub fn rewards_of(nonce: u64) -> Vec<MessageReward<BalanceOf<T>>> {
        let rewards = Rewards::<T>::iter_prefix(nonce);
        rewards
            .map(|(gateway, reward)| MessageReward {
                nonce,
                gateway,
                amount: reward.total(),
                until: reward.until,
            })
            .collect()
    }

    pub(crate) fn do_sponsor(
        who: AccountOf<T>,
        graph: GraphId,
        gateway: GatewayId,
        deposit: BalanceOf<T>,
        reward: BalanceOf<T>,
    ) -> DispatchResult {
        ensure!(reward >= T::MinimumReward::get(), Error::<T>::RewardTooLow);
        let owner = T::OwnerOf::convert(graph).ok_or(Error::<T>::UnknownGraph)?;
        let may = who == owner
            || Sponsors::<T>::get(graph).is_none_or(|old| old.account == who || old.purse < old.reward);
        ensure!(may, Error::<T>::SponsoredByAnother);
        Self::replace_sponsor(who, graph, gateway, deposit, reward)
    }

    /// Lets somebody pay who may.
    pub(crate) fn replace_sponsor(
        who: AccountOf<T>,
        graph: GraphId,
        gateway: GatewayId,
        deposit: BalanceOf<T>,
        reward: BalanceOf<T>,
    ) -> DispatchResult {
        let mut purse = deposit;
        match Sponsors::<T>::get(graph) {
            Some(old) if old.account == who => purse.saturating_accrue(old.purse),
            Some(_) => Self::release_purse(graph)?,
            None => {}
        }
        ensure!(purse >= reward, Error::<T>::PurseTooSmall);
        T::Currency::hold(&HoldReason::Delivery.into(), &who, deposit)?;
        Self::deposit_event(Event::SponsorSet {
            graph,
            sponsor: who.clone(),
            gateway,
            purse,
            reward,
        });
        let account = who;
        Sponsors::<T>::insert(
            graph,
            Sponsor {
                account,
                gateway,
                purse,
                reward,
            },
        );
        Ok(())
    }

    pub(crate) fn do_withdraw(who: &AccountOf<T>, graph: GraphId) -> DispatchResult {
        let sponsor = Sponsors::<T>::get(graph).ok_or(Error::<T>::NoSponsor)?;
        ensure!(sponsor.account == *who, Error::<T>::NotSponsor);
        Self::release_purse(graph)
    }

    fn release_purse(graph: GraphId) -> DispatchResult {
        let sponsor = Sponsors::<T>::take(graph).ok_or(Error::<T>::NoSponsor)?;
        let (account, purse) = (sponsor.account, sponsor.purse);
        T::Currency::release(&HoldReason::Delivery.into(), &account, purse, Precision::Exact)?;
        Self::deposit_event(Event::PurseReleased {
            graph,
            sponsor: account,
            purse,
        });
        Ok(())
    }

    pub(crate) fn do_tip(
        who: AccountOf<T>,
        nonce: u64,
        gateway: GatewayId,
        amount: BalanceOf<T>,
    ) -> DispatchResult {
        ensure!(amount >= T::MinimumReward::get(), Error::<T>::RewardTooLow);
        // What is promised for a message before there is one would be in the way of its sponsor's promise.
        ensure!(nonce < T::Outbox::next_nonce(), Error::<T>::UnknownMessage);
        let mut reward = Rewards::<T>::get(nonce, gateway).unwrap_or_else(Self::new_reward);
        ensure!(Self::now() < reward.until, Error::<T>::RewardExpired);
        match reward.payers.iter_mut().find(|(payer, _)| *payer == who) {
            Some((_, promised)) => promised.saturating_accrue(amount),
            None => {
                if reward.payers.len() >= T::MaxPayers::get() as usize {
                    Self::displace(&mut reward, amount)?;
                }
                let pushed = reward.payers.try_push((who.clone(), amount));
                pushed.map_err(|_| Error::<T>::TooManyPayers)?;
            }
        }
        T::Currency::hold(&HoldReason::Delivery.into(), &who, amount)?;
        Rewards::<T>::insert(nonce, gateway, reward);
        Self::deposit_event(Event::RewardPromised {
            nonce,
            gateway,
            payer: who,
            amount,
        });
        Ok(())
    }

    /// Gives the payer of the least part, which must be less than `amount`, that part back.
    fn displace(reward: &mut RewardOf<T>, amount: BalanceOf<T>) -> DispatchResult {
        let parts = reward.payers.iter().enumerate();
        let least = parts.min_by_key(|(_, (_, part))| *part).map(|(place, _)| place);
        let least = least.ok_or(Error::<T>::TooManyPayers)?;
        let (payer, part) = reward.payers.remove(least);
        ensure!(part < amount, Error::<T>::TooManyPayers);
        T::Currency::release(&HoldReason::Delivery.into(), &payer, part, Precision::Exact)?;
        Ok(())
    }

    fn new_reward() -> RewardOf<T> {
        Reward {
            payers: BoundedVec::new(),
            until: Self::now().saturating_add(T::RewardPeriod::get()),
        }
    }

    /// The time by Ethereum's final slots: it stands still while no receipt can be shown.
    fn now() -> u64 {
        T::Clock::now().unwrap_or_default()
    }

    pub(crate) fn do_reclaim(nonce: u64, gateway: GatewayId) -> DispatchResult {
        let reward = Rewards::<T>::get(nonce, gateway).ok_or(Error::<T>::NoReward)?;
        ensure!(Self::now() >= reward.until, Error::<T>::RewardStands);
        Self::give_back(nonce, gateway, reward)
    }

    /// Takes a reward out of storage and gives each payer the own part back.
    fn give_back(nonce: u64, gateway: GatewayId, reward: RewardOf<T>) -> DispatchResult {
        for (payer, amount) in &reward.payers {
            T::Currency::release(&HoldReason::Delivery.into(), payer, *amount, Precision::Exact)?;
        }
        Rewards::<T>::remove(nonce, gateway);
        Self::deposit_event(Event::RewardReleased {
            nonce,
            gateway,
            amount: reward.total(),
        });
        Ok(())
    }

    pub(crate) fn do_claim(
        gateway: GatewayId,
        evidence: &ReceiptEvidence,
        skip: u32,
        most: u32,
    ) -> DispatchResult {
        let logs = Self::logs(gateway, evidence, &GatewayEvent::paid_topics())?;
        let most = most.min(T::MaxEvents::get());
        let events = logs.iter().skip(skip as usize).take(most as usize);
        let events = events.filter_map(GatewayEvent::decode);
        let mut settled = 0;
        for event in events {
            // One that cannot be paid must not keep the others from it; it can be claimed again.
            let paid = with_storage_layer(|| match event {
                GatewayEvent::Delivered { nonce, relayer } => Self::pay_delivery(gateway, nonce, relayer),
                GatewayEvent::HandedOver {
                    set,
                    next,
                    next_keyset,
                    relayer,
                } => Self::pay_handover(gateway, set, (next, next_keyset), relayer),
                GatewayEvent::NewMmrRoot(_) => Ok(false),
            });
            settled += usize::from(paid.unwrap_or(false));
        }
        ensure!(settled > 0, Error::<T>::NothingToPay);
        Ok(())
    }

    /// Pays who delivered a message, if anything is promised for it.
    fn pay_delivery(gateway: GatewayId, nonce: u64, relayer: H256) -> Result<bool, DispatchError> {
        let Some(reward) = Rewards::<T>::get(nonce, gateway) else {
            return Ok(false);
        };
        if relayer.is_zero() {
            Self::give_back(nonce, gateway, reward)?;
            return Ok(true);
        }
        let relayer = T::AccountOf::convert(relayer.0);
        for (payer, amount) in &reward.payers {
            // By force: what is held may also be frozen, and a relayer is not paid less for that.
            T::Currency::transfer_on_hold(
                &HoldReason::Delivery.into(),
                payer,
                &relayer,
                *amount,
                Precision::Exact,
                Restriction::Free,
                Fortitude::Force,
            )?;
        }
        Rewards::<T>::remove(nonce, gateway);
        Self::deposit_event(Event::DeliveryPaid {
            nonce,
            gateway,
            relayer,
            amount: reward.total(),
        });
        Ok(true)
    }

    /// What is paid to whoever handed a gateway over to a set; `None` where nothing is, or it was paid before.
    pub fn handover_reward(gateway: GatewayId, set: u64) -> Option<BalanceOf<T>> {
        let Registration { handover, from } = Registered::<T>::get(gateway)?;
        let newest = NewestSet::<T>::get();
        let is_recent = from <= set && set <= newest && newest.saturating_sub(set) < T::HandoverWindow::get();
        let is_payable = is_recent && !handover.is_zero() && !PaidHandovers::<T>::contains_key(set, gateway);
        is_payable.then_some(handover)
    }

    /// Pays who brought a handover to a registered gateway, once for each of the newest sets. A gateway that follows liars, whose sets are others, earns nobody
    /// anything.
    fn pay_handover(
        gateway: GatewayId,
        set: u64,
        next: (u64, H256),
        relayer: H256,
    ) -> Result<bool, DispatchError> {
        let is_ours = next.0 == set.saturating_add(1) && Keysets::<T>::get(next.0) == Some(next.1);
        let Some(amount) = Self::handover_reward(gateway, set).filter(|_| is_ours && !relayer.is_zero())
        else {
            return Ok(false);
        };
        let relayer = T::AccountOf::convert(relayer.0);
        T::Currency::mint_into(&relayer, amount)?;
        PaidHandovers::<T>::insert(set, gateway, ());
        Self::deposit_event(Event::HandoverPaid {
            gateway,
            set,
            relayer,
            amount,
        });
        Ok(true)
    }
}

impl<T: Config> OnMessage for Pallet<T> {
    /// Moves the reward of a message from its zkGraph's purse to the message, if the zkGraph's owner or the sponsor wanted the run: else anybody could empty the purse by
    /// runs for their own delivery.
    fn on_message(offerer: H256, message: &Message) {
        let Some(mut sponsor) = Sponsors::<T>::get(message.graph) else {
            return;
        };
        let gateway = GatewayId {
            chain_id: message.destination.chain_id,
            address: message.destination.gateway,
        };
        // Else the zkGraph's author could name a contract that writes what it likes.
        if sponsor.gateway != gateway || sponsor.purse < sponsor.reward {
            return;
        }
        let offerer = T::AccountOf::convert(offerer.0);
        if offerer != sponsor.account && T::OwnerOf::convert(message.graph).as_ref() != Some(&offerer) {
            return;
        }
        let mut reward = Self::new_reward();
        let (payer, amount) = (sponsor.account.clone(), sponsor.reward);
        if reward.payers.try_push((payer.clone(), amount)).is_err() {
            return;
        }
        sponsor.purse.saturating_reduce(amount);
        Sponsors::<T>::insert(message.graph, sponsor);
        Rewards::<T>::insert(message.nonce, gateway, reward);
        Self::deposit_event(Event::RewardPromised {
            nonce: message.nonce,
            gateway,
            payer,
            amount,
        });
    }

    fn weight() -> Weight {
        T::WeightInfo::on_message()
    }
}
