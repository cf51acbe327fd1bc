//! The list of cases. It stands here once: the tests that `conformance!`
//! makes and the cases that `run_all` runs both come from it.

use super::{Capability, Suite};

/// Calls a macro with the list: module, and for each case in it the name, which
/// is that of its function, and what it needs.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_cases {
    ([$($callback:tt)*] $($arguments:tt)*) => {
        $($callback)*! { $($arguments)*
            places {
                law_1_a_place_shares_nothing_with_others []
            }
            identity {
                law_1_one_address_of_each_class []
                law_1_attributes_are_not_identity []
                law_1_every_combination_of_flags []
                law_1_one_number_may_be_four_peers []
                law_1_the_kind_is_the_first_that_applies []
                law_1_records_of_different_sorts_share_a_number []
            }
            round_trip {
                law_2_nothing_before_the_first_save []
                law_2_save_and_load []
                law_2_save_overwrites []
                law_2_save_twice []
                law_2_nothing_after_delete []
                law_2_delete_of_nothing []
                law_2_save_after_delete []
                law_2_an_empty_session_is_a_session []
                law_2_a_session_can_become_empty []
                law_2_made_again [Persistent]
            }
            many {
                law_2_round_trip_of_70_000_peers []
                law_2_round_trip_of_70_000_channels []
                law_2_round_trip_of_70_000_min_peers []
                law_2_round_trip_of_300_dcs []
                law_2_many_of_everything_made_again [Persistent]
                law_2_fewer_than_before []
            }
            values {
                law_2_long_addresses []
                law_2_addresses_of_any_text []
                law_2_a_token_of_70_000_bytes []
                law_2_an_empty_token_is_a_token []
                law_2_a_token_can_go []
                law_2_extreme_numbers []
                law_2_every_combination_of_peer_flags []
                law_2_keys_of_one_byte_value []
                law_2_counters_may_go_back []
                law_2_an_access_hash_may_go []
            }
            duplicates {
                law_2_dcs_come_in_order []
                law_2_a_media_dc_stands_behind_the_main_one []
                law_2_of_two_addresses_the_keyed_one_wins []
                law_2_of_two_peers_the_one_with_a_hash_wins []
                law_2_of_two_channels_the_last_wins []
                law_2_duplicates_under_granular_calls []
                law_2_the_order_of_lists_means_nothing []
            }
            granular {
                law_3_update_dc []
                law_3_set_home_dc []
                law_3_primary_counters []
                law_3_secondary_counter []
                law_3_channel_counters []
                law_3_all_counters_forget_other_channels []
                law_3_cache_peer []
                law_3_a_zero_hash_keeps_the_stored_one []
                law_3_the_first_call_makes_a_session []
                law_3_calls_that_change_nothing []
                law_3_calls_on_a_large_session []
                law_3_calls_after_delete []
                law_3_calls_are_there_when_made_again [Persistent]
            }
            model {
                law_3_random_calls []
                law_5_random_calls_through_two_handles [Persistent]
            }
            whole {
                law_4_a_load_sees_a_whole_session []
                law_4_a_load_sees_a_whole_step []
            }
            kills {
                law_4_killed_while_saving [Persistent Shared]
            }
            threads {
                law_5_threads_lose_no_peers []
                law_5_threads_lose_no_channels []
                law_5_threads_lose_no_dcs []
                law_5_primary_and_secondary_at_once []
                law_5_the_last_of_concurrent_saves []
                law_5_saves_among_granular_calls []
                law_5_hashes_survive_concurrent_zeros []
                law_5_own_writes_are_read []
                law_5_deletes_among_granular_calls []
                law_5_the_store_compares [Conditional]
            }
            linear {
                law_5_random_calls_from_threads []
                law_5_random_calls_from_threads_with_a_handle_each [Persistent]
            }
            handles {
                law_5_a_handle_sees_what_another_wrote [Persistent]
                law_5_save_through_a_stale_handle [Persistent]
                law_5_a_save_that_seems_to_change_nothing [Persistent]
                law_5_granular_calls_through_a_stale_handle [Persistent]
                law_5_a_granular_call_that_seems_to_change_nothing [Persistent]
                law_5_a_zero_hash_through_a_stale_handle [Persistent]
                law_5_delete_and_save_under_a_stale_handle [Persistent]
                law_5_delete_under_granular_calls_of_a_stale_handle [Persistent]
                law_5_all_counters_through_a_stale_handle [Persistent]
                law_5_handles_in_turn [Persistent]
            }
            processes {
                law_5_processes_lose_nothing [Persistent Shared]
            }
            kills {
                law_6_a_login_survives_a_killed_process [PowerSafe Persistent Shared]
                law_6_counters_survive_a_killed_process [Persistent Shared]
            }
            survival {
                law_6_a_login_survives_without_drop [Persistent]
                law_6_a_delete_survives_without_drop [Persistent]
                law_6_counters_and_peers_survive_without_drop [Persistent]
            }
            damage {
                law_7_damage_is_an_error_of_load [DetectsDamage Persistent]
                law_7_damage_is_an_error_under_an_open_handle [DetectsDamage]
                law_7_save_does_not_overwrite_damage [DetectsDamage Persistent]
                law_7_granular_calls_do_not_overwrite_damage [DetectsDamage Persistent]
                law_7_an_open_handle_loses_nothing_to_damage [DetectsDamage]
                law_7_a_new_login_after_delete [DetectsDamage Persistent]
            }
            contexts {
                law_8_plain_threads []
                law_8_a_multi_thread_worker []
                law_8_a_current_thread_runtime []
                law_8_a_task_of_a_current_thread_runtime []
                law_8_a_local_set []
                law_8_spawn_blocking []
                law_8_block_in_place []
                law_8_a_depleted_budget []
                law_8_all_workers_at_once []
            }
            lives {
                law_8_made_in_one_context_and_dropped_in_another []
                law_8_used_after_its_runtime_ended []
                law_8_a_panic_of_a_user_poisons_nothing []
                law_8_calls_while_a_thread_unwinds []
                law_8_a_cancelled_task_leaves_it_usable []
            }
            secrets {
                law_9_the_name_is_fit_for_a_log []
                law_9_debug_shows_no_secrets []
                law_9_errors_show_no_secrets [DetectsDamage]
                law_9_logs_show_no_secrets []
                law_9_files_are_for_their_owner_only []
                law_9_delete_leaves_no_keys_in_files []
            }
            sessions {
                law_1_each_key_is_a_session [ManySessions]
                law_1_delete_leaves_other_sessions [ManySessions]
                law_1_granular_calls_leave_other_sessions [ManySessions]
                law_1_similar_keys_are_different_sessions [ManySessions]
                law_5_sessions_do_not_disturb_each_other [ManySessions]
                law_2_each_session_made_again [ManySessions Persistent]
            }
        }
    };
}

/// One thing that a law says, as a test.
#[derive(Debug)]
pub struct Case {
    name: &'static str,
    needs: &'static [Capability],
    call: fn(&Suite),
}

impl Case {
    /// The name of the test, which begins with the law.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Without which capabilities the case is ignored.
    #[must_use]
    pub fn needs(&self) -> &'static [Capability] {
        self.needs
    }

    pub(super) fn missing(&self, suite: &Suite) -> Option<Capability> {
        self.needs.iter().copied().find(|need| !suite.has(*need))
    }

    /// What several processes share is tried with several processes.
    pub(super) fn needs_processes(&self) -> bool {
        self.needs.contains(&Capability::Shared)
    }

    pub(super) fn call(&self, suite: &Suite) {
        (self.call)(suite);
    }
}

/// All cases, in the order of the laws.
#[must_use]
pub fn cases() -> &'static [Case] {
    ALL
}

macro_rules! table {
    ($($module:ident { $($name:ident [$($need:ident)*])* })*) => {
        const ALL: &[Case] = &[$($(Case {
            name: stringify!($name),
            needs: &[$(Capability::$need),*],
            call: super::cases::$module::$name,
        }),*),*];
    };
}
__conformance_cases!([table]);
