"""The matrix: what each kind of person gets at each door, by GET and by POST of an empty form.

One line per address. Columns are the kinds of people, first for GET, then for POST:

    S signed out      I invited   O organization lead   X admin of another provider
    A outsider        M member    T provider staff      U suspended
                      L leader    D provider admin      F funder

    +  200, the page          s  sent to sign in       4  404, for them it does not exist
    >  sent somewhere else    2  422, form again       5  405, not by this method
    x  503, no jobs in tests  3  403, seen, not allowed

A link that carries a token asks nobody to sign in: whoever holds it acts for the person that it was made for.
So does the code of a live room, which stands on a wall: whoever reads it may join.
"""

MATRIX = """
                                      SAIMLOTDXUF  SAIMLOTDXUF
health                                xxxxxxxxxxx  55555555555

home:home                             +++++++++++  55555555555
home:communities                      s++++++++s+  s55555555s5
home:now                              s43++4++4s4  s43554554s4
home:board                            s43333++4s3  s43333554s3
home:calls                            s43333++4s3  s43333554s3
home:setup                            s43333++4s3  s43333554s3
home:summary                          s43333++4s+  s43333554s5
home:summary_file                     s43333++4s+  s43333554s5
home:organization                     s4444+++4s4  s44445554s4

account_login                         +>>>>>>>>+>  +>>>>>>>>+>
account_request_login_code            +>>>>>>>>+>  +>>>>>>>>+>
account_confirm_login_code            >>>>>>>>>>>  >>>>>>>>>>>
mfa_login_webauthn                    s>>>>>>>>s>  s>>>>>>>>s>
mfa_authenticate                      s>>>>>>>>s>  s>>>>>>>>s>
account_inactive                      +++++++++++  55555555555
account_reset_password                +++++++++++  +++++++++++
account_reset_password_done           +++++++++++  55555555555
account_reset_password_from_key       +++++++++++  +++++++++++
account_reset_password_from_key_done  +++++++++++  55555555555
account_logout                        s++++++++s+  sssssssssss
mfa_index                             s++++++++s+  s55555555s5
usersessions_list                     s++++++++s+  s55555555s5
account_change_password               s>>>>>>>>s>  s>>>>>>>>s>
account_set_password                  s++++++++s+  s++++++++s+
account_reauthenticate                s33>33333s3  s33>33333s3
mfa_reauthenticate                    s33>33333s3  s33>33333s3
mfa_reauthenticate_webauthn           s33+33333s3  s33s33333s3
mfa_activate_totp                     s++>+++++s+  s++>+++++s+
mfa_deactivate_totp                   s44444444s4  s44444444s4
mfa_view_recovery_codes               s44444444s4  s55555555s5
mfa_generate_recovery_codes           s++>+++++s+  s++>+++++s+
mfa_download_recovery_codes           s44444444s4  s44444444s4
mfa_list_webauthn                     s++++++++s+  s55555555s5
mfa_add_webauthn                      s++>+++++s+  s++>+++++s+
mfa_edit_webauthn                     s44>44444s4  s44>44444s4
mfa_remove_webauthn                   s44>44444s4  s44>44444s4

accounts:me                           s++++++++s+  s22222222s2
accounts:address                      s++>+++++s+  s22>22222s2
accounts:address_confirmation         s44+44444s4  s44>44444s4
accounts:end_other_sessions           s55555555s5  s>>>>>>>>s>
accounts:end_session                  s44544444s4  s44>44444s4
accounts:privacy                      s++++++++s+  s55555555s5
accounts:download                     s++++++++s+  s55555555s5
accounts:end_links                    s55555555s5  s>>>>>>>>s>
accounts:erasure                      s++++++++s+  s22222222s2
accounts:erased                       +++++++++++  55555555555
accounts:password                     +>>>>>>>>+>  +>>>>>>>>+>
accounts:sign_in                      +++++++++++  >>>>>>>>>>>

notifications:unsubscribe             +++++++++++  +++++++++++
notifications:subscription            55555555555  +++++++++++
notifications:preferences             s++++++++s+  s55555555s5
notifications:preference              s44544444s4  s44>44444s4
notifications:outbox                  44444444444  44444444444
notifications:outbox_message          44444444444  44444444444
notifications:outbox_html             44444444444  44444444444

programs:create                       s33333+++s3  s33333222s3
programs:edit                         s43333++4s3  s43333224s3
programs:mail_test                    s43333554s3  s43333>>4s3
programs:mail_arrival                 s43333554s3  s43333>>4s3
programs:people                       s43333++4s3  s43333554s3
programs:people_file                  s43333++4s3  s43333554s3
programs:enroll                       s43333++4s3  s43333224s3
programs:enrollment                   s44344++4s4  s44344224s4
programs:removal                      s44344++4s4  s44344>>4s4
programs:readmission                  s44344554s4  s44344>>4s4
programs:imports                      s43333++4s3  s43333224s3
programs:import                       s44444++4s4  s44444>>4s4
programs:import_preview               s44444++4s4  s44444554s4
programs:import_application           s44444554s4  s44444>>4s4
programs:import_answers               s44444554s4  s44444>>4s4
programs:import_progress              s44444++4s4  s44444554s4
programs:history                      s43333++4s3  s43333554s3
programs:mail                         s43333++4s3  s43333554s3
programs:mail_resending               s43333554s3  s43333>>4s3
programs:message_resending            s44444554s4  s44444>>4s4
programs:funders                      s43333++4s3  s43333224s3
programs:staff                        s444443+4s4  s44444324s4
programs:end_post                     s44444354s4  s444443>4s4

surveys:surveys                       s43333++4s3  s43333224s3
surveys:instrument                    s44444++4s4  s44444224s4
surveys:instrument_file               s44444++4s4  s44444554s4
surveys:wave                          s44444++4s4  s44444554s4
surveys:responses_file                s44444++4s4  s44444554s4
surveys:reminders                     s44444554s4  s44444>>4s4
surveys:end                           s44444++4s4  s44444224s4
surveys:answering                     +++++++++++  55555555555
surveys:screen                        +++++++++++  >>>>>>>>>>>
surveys:sending                       55555555555  >>>>>>>>>>>

profiles:needs                        s43333++4s3  s43333224s3
profiles:assessment                   s44444++4s4  s44444554s4
profiles:gaps_file                    s44444++4s4  s44444554s4
profiles:board                        s4+++3++4s3  s45553554s3
profiles:topic                        s4+++3++4s3  s45553554s3
profiles:board_file                   s4+++3++4s3  s45553554s3
profiles:network                      s4+++3++4s3  s45553554s3
profiles:adjacency                    s4+++3++4s3  s45553554s3
profiles:introductions                s43333++4s3  s43333554s3
profiles:told                         s44444554s4  s44444>>4s4
profiles:people                       s43333++4s3  s43333554s3
profiles:gallery                      s4+++3++4s3  s45553554s3
profiles:gallery_photo                s4+++3++4s3  s45553554s3
profiles:own                          +++++++++++  55555555555
profiles:own_start                    +++++++++++  22222222222
profiles:own_about                    +++++++++++  22222222222
profiles:own_new_need                 +++++++++++  22222222222
profiles:own_need                     +++++++++++  22222222222
profiles:own_need_retirement          55555555555  >>>>>>>>>>>
profiles:own_need_return              55555555555  >>>>>>>>>>>
profiles:own_need_removal             55555555555  >>>>>>>>>>>
profiles:own_need_introduction        +++++++++++  >>>>>>>>>>>
profiles:own_introduction             +++++++++++  55555555555
profiles:own_introduction_answer      55555555555  >>>>>>>>>>>
profiles:own_introduction_outcome     55555555555  >>>>>>>>>>>
profiles:own_new_offer                +++++++++++  22222222222
profiles:own_offer                    +++++++++++  22222222222
profiles:own_offer_retirement         55555555555  >>>>>>>>>>>
profiles:own_offer_return             55555555555  >>>>>>>>>>>
profiles:own_offer_removal            55555555555  >>>>>>>>>>>
profiles:own_photo                    +++++++++++  22222222222
profiles:own_photo_words               +++++++++++  >>>>>>>>>>>
profiles:own_photo_removal            55555555555  >>>>>>>>>>>
profiles:own_photo_file               +++++++++++  55555555555
profiles:profile                      s44+44++4s4  s44544554s4
profiles:profile_start                s44+44++4s4  s44244224s4
profiles:profile_about                s44+44++4s4  s44244224s4
profiles:profile_new_need             s44+44++4s4  s44244224s4
profiles:profile_need                 s44+44++4s4  s44244224s4
profiles:profile_need_retirement      s44544554s4  s44>44>>4s4
profiles:profile_need_return          s44544554s4  s44>44>>4s4
profiles:profile_need_removal         s44544554s4  s44>44>>4s4
profiles:profile_need_introduction    s44+44++4s4  s44>44>>4s4
profiles:profile_introduction         s44+44++4s4  s44544554s4
profiles:profile_introduction_answer  s44544554s4  s44>44>>4s4
profiles:profile_introduction_outcome s44544554s4  s44>44>>4s4
profiles:profile_new_offer            s44+44++4s4  s44244224s4
profiles:profile_offer                s44+44++4s4  s44244224s4
profiles:profile_offer_retirement     s44544554s4  s44>44>>4s4
profiles:profile_offer_return         s44544554s4  s44>44>>4s4
profiles:profile_offer_removal        s44544554s4  s44>44>>4s4
profiles:profile_photo                s44+44++4s4  s44244224s4
profiles:profile_photo_words           s44+44++4s4  s44>44>>4s4
profiles:profile_photo_removal        s44544554s4  s44>44>>4s4
profiles:profile_photo_file           s44+44++4s4  s44544554s4

communities:invitation                +++++++++++  55555555555
communities:invitation_welcome        >>>>>>>>>>>  55555555555
communities:invitation_acceptance     55555555555  >>>>>>>>>>>
communities:invitation_refusal        55555555555  >>>>>>>>>>>
communities:invitation_words          55555555555  22222222222
communities:invitation_pause          55555555555  22222222222
communities:invitation_departure      55555555555  >>>>>>>>>>>
communities:membership                s44+34334s4  s44534334s4
communities:membership_welcome        s44+34334s4  s44534334s4
communities:membership_acceptance     s44534334s4  s44>34334s4
communities:membership_refusal        s44534334s4  s44>34334s4
communities:membership_words          s44534334s4  s44234334s4
communities:membership_pause          s44534334s4  s44>34334s4
communities:membership_departure      s44534334s4  s44>34334s4
communities:leadership                s44334554s4  s44334>>4s4
communities:leadership_end            s44334554s4  s44334>>4s4
communities:withdrawal                s44334554s4  s44334>>4s4
communities:renewal                   s44334554s4  s44334>>4s4
communities:paper_answer              s44334554s4  s44334>>4s4
communities:people                    s43++4++4s4  s43554554s4
communities:profile                   s43++4++4s4  s43554554s4
communities:needs                     s43++4++4s4  s43554554s4
communities:needs_topic               s43++4++4s4  s43554554s4
communities:introduction              s433+4++4s4  s433>4>>4s4
communities:priority                  s43354554s4  s433>4>>4s4
communities:priority_end              s43354554s4  s433>4>>4s4
communities:needs_file                s43++4++4s4  s43554554s4
communities:network                   s43++4++4s4  s43554554s4
communities:adjacency                 s43++4++4s4  s43554554s4
communities:gallery                   s43++4++4s4  s43554554s4
communities:gallery_photo             s43++4++4s4  s43554554s4
communities:priorities                s43++4++4s4  s43554554s4
communities:new_priority              s43354554s4  s43324224s4
communities:priorities_from           s43354554s4  s43344444s4
communities:priorities_file           s43++4++4s4  s43554554s4
communities:priority_answers          s433+4++4s4  s43324224s4
communities:priority_removal          s43354554s4  s433>4>>4s4
communities:priority_return           s43354554s4  s433>4>>4s4
communities:invitations               s43334++4s4  s43334444s4
communities:paper                     s43334++4s4  s43334554s4
communities:without_mail              s43333++4s3  s43333554s3
communities:edit                      s43334++4s4  s43334224s4
communities:reminder                  s43333++4s3  s43333>>4s3
communities:words                     s43333++4s3  s43333554s3
communities:word_answer               s44444++4s4  s44444224s4

formation:formations                  s43333++4s3  s43333224s3
formation:program_trial               s43333554s3  s43333++4s3
formation:trial                       s44444554s4  s44444++4s4
formation:formation                   s44444++4s4  s44444554s4
formation:progress                    s44444++4s4  s44444554s4
formation:settings                    s44444++4s4  s44444224s4
formation:proposal                    s44444554s4  s44444>>4s4
formation:loosening                   s44444554s4  s44444>>4s4
formation:removal                     s44444++4s4  s44444>>4s4
formation:publication                 s44444++4s4  s44444224s4
formation:frame                       s44444554s4  s44444224s4
formation:invitation                  s44444++4s4  s44444554s4
formation:invitation_mail             s44444++4s4  s44444554s4
formation:invitation_page             s44444++4s4  s44444554s4
formation:people                      s44444++4s4  s44444554s4
formation:stop                        s44444554s4  s44444>>4s4
formation:proposals                   s44444++4s4  s44444554s4
formation:comparison                  s44444++4s4  s44444554s4
formation:comparison_file             s44444++4s4  s44444554s4
formation:kept                        s44444++4s4  s44444>>4s4
formation:choice                      s44444554s4  s44444>>4s4
formation:continuation                s44444554s4  s44444>>4s4
formation:repeat                      s44444>>4s4  s44444>>4s4
formation:proposal_removal            s44444++4s4  s44444>>4s4
formation:kept_people                 s44444++4s4  s44444554s4
formation:workbook                    s44444++4s4  s44444554s4
formation:lists                       s44444++4s4  s44444554s4
formation:badges                      s44444++4s4  s44444554s4
formation:explanation                 s44444++4s4  s44444554s4
formation:funder_explanation          s44444++4s4  s44444554s4
formation:problem                     s44444>>4s4  s44444554s4
formation:proposed_community          s44444++4s4  s44444554s4
formation:community_name              s44444++4s4  s44444224s4
formation:community_lock              s44444554s4  s44444>>4s4
formation:community_lock_end          s44444554s4  s44444>>4s4
formation:place                       s44444++4s4  s44444554s4
formation:move                        s44444554s4  s44444444s4
formation:swap                        s44444554s4  s44444444s4
formation:lock                        s44444554s4  s44444>>4s4
formation:lock_end                    s44444554s4  s44444>>4s4
formation:leadership                  s44444554s4  s44444>>4s4
formation:leadership_end              s44444554s4  s44444>>4s4
formation:swaps                       s44444++4s4  s44444554s4
formation:swap_window                 s44444++4s4  s44444224s4
formation:exchange                    s44444554s4  s44444>>4s4
formation:exchange_end                s44444554s4  s44444>>4s4
formation:swap_refusal                s44444554s4  s44444>>4s4
formation:wishes                      s44444++4s4  s44444>>4s4
formation:wishes_end                  s44444554s4  s44444>>4s4
formation:late                        s44444++4s4  s44444>>4s4
formation:gaps                        s44444++4s4  s44444554s4
formation:own_swap                    +++++++++++  55555555555
formation:own_swap_wish               55555555555  22222222222
formation:own_swap_wish_end           55555555555  >>>>>>>>>>>
formation:own_swap_acceptance         55555555555  >>>>>>>>>>>
formation:member_swap                 s44+34334s4  s44534334s4
formation:member_swap_wish            s44534334s4  s44234334s4
formation:member_swap_wish_end        s44534334s4  s44>34334s4
formation:member_swap_acceptance      s44534334s4  s44>34334s4
formation:marketplaces                s43333++4s3  s43333224s3
formation:marketplace                 s43333++4s4  s43333554s4
formation:market_terms                s43333++4s4  s43333224s4
formation:market_room                 s43333554s4  s43333>>4s4
formation:market_online               s43333554s4  s43333>>4s4
formation:market_topics               s43333++4s4  s43333224s4
formation:market_people               s43333++4s4  s43333>>4s4
formation:market_settlement           s43333++4s4  s43333>>4s4
formation:market_interests            s43333++4s4  s43333554s4
formation:offered_topic               s44444++4s4  s44444224s4
formation:topic_merger                s44444++4s4  s44444>>4s4
formation:topic_closing               s44444554s4  s44444>>4s4
formation:topic_closing_end           s44444554s4  s44444>>4s4
formation:topic_merger_end            s44444554s4  s44444>>4s4
formation:topic_hiding                s44444554s4  s44444>>4s4
formation:topic_hiding_end            s44444554s4  s44444>>4s4
formation:own_market                  +++++++++++  55555555555
formation:own_market_choice           55555555555  >>>>>>>>>>>
formation:own_market_wait             55555555555  >>>>>>>>>>>
formation:own_market_departure        55555555555  >>>>>>>>>>>
formation:own_market_offer            +++++++++++  22222222222
formation:own_market_hints            +++++++++++  55555555555
formation:own_market_interests        +++++++++++  >>>>>>>>>>>
formation:own_market_people           +++++++++++  55555555555
formation:own_market_appearance       55555555555  >>>>>>>>>>>
formation:own_market_appearance_end   55555555555  >>>>>>>>>>>
formation:own_market_criterion        55555555555  22222222222
formation:own_market_criterion_end    55555555555  >>>>>>>>>>>
formation:member_market               s4++++334s4  s45555334s4
formation:member_market_choice        s45555334s4  s4>>>>334s4
formation:member_market_wait          s45555334s4  s4>>>>334s4
formation:member_market_departure     s45555334s4  s4>>>>334s4
formation:member_market_offer         s4++++334s4  s42222334s4
formation:member_market_hints         s4++++334s4  s45555334s4
formation:member_market_interests     s4++++334s4  s4>>>>334s4
formation:member_market_people        s4++++334s4  s45555334s4
formation:member_market_appearance    s45555334s4  s4>>>>334s4
formation:member_market_appearance_end s45555334s4  s4>>>>334s4
formation:member_market_criterion     s45555334s4  s4>2>>334s4
formation:member_market_criterion_end s45555334s4  s4>>>>334s4

meetings:meetings                     s43++4++4s4  s43554554s4
meetings:plan                         s433+4++4s4  s43324224s4
meetings:meeting                      s44++4++4s4  s44554554s4
meetings:enter                        s433+4++4s4  s43324224s4
meetings:edit                         s443+4++4s4  s44324224s4
meetings:cancellation                 s443+4++4s4  s44324224s4
meetings:reply                        s44554334s4  s44>>4334s4
meetings:asking_again                 s44354554s4  s443>4>>4s4
meetings:attendance                   s443+4++4s4  s443>4>>4s4
meetings:calendar_file                s44++4++4s4  s44554554s4
meetings:answer                       +++++++++++  55555555555
meetings:answer_reply                 55555555555  22222222222
meetings:answer_calendar_file         +++++++++++  55555555555
meetings:pulse                        +++++++++++  55555555555
meetings:pulse_answer                 55555555555  22222222222

live:program_rooms                    s43333++4s3  s43333554s3
live:create                           s43333++4s3  s43333224s3
live:community_rooms                  s43++4++4s4  s43554554s4
live:create_in_community              s433+4++4s4  s43324224s4
live:room                             s443+4++4s4  s44354554s4
live:agenda                           s443+4++4s4  s44354554s4
live:new_step                         s443+4++4s4  s44324224s4
live:run_sheet                        s443+4++4s4  s44354554s4
live:people                           s443+4++4s4  s44324224s4
live:undo                             s44354554s4  s443>4>>4s4
live:end                              s443+4++4s4  s44324224s4
live:results                          s44++4++4s4  s44554554s4
live:results_file                     s443+4++4s4  s44354554s4
live:people_file                      s443+4++4s4  s44354554s4
live:step                             s443+4++4s4  s44324224s4
live:quick_poll                       s443+4++4s4  s44324224s4
live:removal                          s44354554s4  s443>4>>4s4
live:earlier                          s44354554s4  s443>4>>4s4
live:later                            s44354554s4  s443>4>>4s4
live:opening                          s44354554s4  s443>4>>4s4
live:showing                          s44354554s4  s443>4>>4s4
live:closing                          s44354554s4  s443>4>>4s4
live:pause                            s44354554s4  s443>4>>4s4
live:running                          s44354554s4  s443>4>>4s4
live:minute                           s44354554s4  s443>4>>4s4
live:repetition                       s44354554s4  s443>4>>4s4
live:host_act                         s44354554s4  s443>4>>4s4
live:hiding                           s44354554s4  s443>4>>4s4
live:bringing_back                    s44354554s4  s443>4>>4s4
live:participant_removal              s443+4++4s4  s443>4>>4s4
activities:web                        s44++4++4s4  s44554554s4
activities:web_drawing                s443+4++4s4  s44324224s4
activities:web_file                   s443+4++4s4  s44354554s4
live:sending                          s443+4++4s4  s443>4>>4s4
live:link                             >>>>>>>>>>>  >>>>>>>>>>>
live:participant_person               s443+4++4s4  s44324224s4
live:participant_parting              s44354554s4  s443>4>>4s4
live:claim                            +++++++++++  >>>>>>>>>>>
live:keeping                          +++++++++++  22222222222
live:code                             +++++++++++  55555555555
live:join                             +++++++++++  22222222222
live:projector                        +++++++++++  55555555555
live:events                           +++++++++++  55555555555
live:phone                            +++++++++++  55555555555
live:own                              +++++++++++  55555555555
live:act                              55555555555  22222222222

formation:room_badges                 s443+4++4s4  s44354554s4
activities:photo                      55555555555  22222222222
activities:picture                    +++++++++++  55555555555
activities:poster_photo               55555555555  22222222222
activities:poster_picture             +++++++++++  55555555555
activities:wall_sheet                 s443+4++4s4  s44354554s4
activities:wall_file                  s443+4++4s4  s44354554s4
activities:wall_picture               s443+4++4s4  s44354554s4
activities:cards                      s443+4++4s4  s44354554s4
activities:card_photo                 s443+4++4s4  s44354554s4

stewardship:check_in                  s43334++4s4  s43334224s4
stewardship:correction                s44444++4s4  s44444224s4
stewardship:removal                   s44444554s4  s44444>>4s4
stewardship:snooze                    s43334554s4  s43334>>4s4
"""


def expected() -> dict[tuple[str, str], str]:
    """Return the outcomes of each door and method, a letter per kind of person."""
    table = {}
    for line in MATRIX.splitlines()[2:]:
        if line:
            name, by_get, by_post = line.split()
            table[name, "GET"], table[name, "POST"] = by_get, by_post
    return table
